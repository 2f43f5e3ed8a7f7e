"""Every text that a page shows stands out from what it stands on, in light and in dark."""

from __future__ import annotations

import pytest
from app_fixtures import OpenPage

PATHS = ("/", "/compare", "/explore", "/studio", "/evidence", "/evidence?view=claims")
FAINT = """() => {
  const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const linear = part => part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const over = ([r, g, b, a = 1], ground) => [r, g, b].map((part, i) => part * a + ground[i] * (1 - a));
  const ground = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(numbers(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => layer.length ? over(layer, below) : below, [255, 255, 255]);
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const words = texts.currentNode.textContent.trim(), element = texts.currentNode.parentElement;
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    const seen = words && box.width > 1 && box.height > 1 && style.visibility === 'visible' && +style.opacity > 0;
    if (!seen || ['SCRIPT', 'STYLE', 'OPTION', 'NOSCRIPT'].includes(element.tagName) || element.closest(':disabled')) continue;
    const paint = element instanceof SVGElement ? style.fill : style.color;
    const below = ground(element), [low, high] = [light(over(numbers(paint), below)), light(below)].sort((a, b) => a - b);
    const asked = parseFloat(style.fontSize) >= 24 ? 3 : 4.5, ratio = (high + 0.05) / (low + 0.05);
    if (ratio < asked) found.push(`${ratio.toFixed(2)}: ${words.slice(0, 40)}`);
  }
  return [...new Set(found)];
}"""
"""Texts whose contrast (WCAG 2) is below 4.5, or below 3 where they are large."""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("path", PATHS)
def test_texts_stand_out_from_their_ground(open_page: OpenPage, path: str, colours: str) -> None:
    page = open_page(path, color_scheme=colours)
    page.wait_for_selector("h1")
    page.wait_for_timeout(700)  # colours fade in
    assert page.evaluate("document.documentElement.classList.contains('pm-dark')") == (colours == "dark")
    assert page.evaluate("() => document.body.innerText.length") > 200
    assert page.evaluate(FAINT) == []
