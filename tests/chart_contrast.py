"""Whether the texts that ECharts has drawn stand out from what they stand on, in light and in dark."""

from __future__ import annotations

from playwright.sync_api import Page

READ = """async () => {
  const echarts = await window.pharmarket.echarts();
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const colour = text => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, i) => part * a + ground[i] * (1 - a));
  const faded = (fill, style, own) => { const [r, g, b, a] = colour(fill); return [r, g, b, a * (style.opacity ?? 1) * (own ?? 1)]; };
  const linear = part => part <= 0.04045 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const page = element => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(colour(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const found = { texts: 0, faint: [] };
  for (const element of document.querySelectorAll('[_echarts_instance_]')) {
    const shapes = echarts.getInstanceByDom(element).getZr().storage.getDisplayList(true);
    shapes.forEach((text, place) => {
      if (text.type !== 'tspan' || text.invisible || !String(text.style.text).trim()) return;
      if (typeof text.style.fill !== 'string' || !(text.style.opacity ?? 1)) return;
      const box = text.getBoundingRect();
      const [x, y] = text.transformCoordToGlobal(box.x + box.width / 2, box.y + box.height / 2);
      const below = shapes.slice(0, place).filter(one => one.type !== 'tspan' && !one.invisible
        && typeof one.style.fill === 'string' && one.style.fill !== 'none' && one.contain(x, y));
      const ground = below.reduce((under, one) => over(faded(one.style.fill, one.style, one.style.fillOpacity), under), page(element));
      const [low, high] = [light(over(faded(text.style.fill, text.style), ground)), light(ground)].sort((a, b) => a - b);
      const ratio = (high + 0.05) / (low + 0.05);
      found.texts += 1;
      if (ratio < 4.5) found.faint.push(`${ratio.toFixed(2)}: ${text.style.text} in ${element.closest('[aria-label]')?.ariaLabel}`);
    });
  }
  return found;
}"""
"""Every text of every chart against the card below and the shapes in between, by the contrast of WCAG 2."""


def assert_charts_are_readable(page: Page) -> None:
    """No text of a chart on this page has less contrast than 4.5, in either theme."""
    for _ in range(2):
        page.wait_for_timeout(400)  # charts are drawn anew, and colours fade in
        found = page.evaluate(READ)
        assert found["texts"] > 0 and found["faint"] == [], found
        page.get_by_role("button", name="Dark colours").or_(page.get_by_role("button", name="Light colours")).click()
