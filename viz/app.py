"""The app: five pages in one shell. ``docs/app.md`` tells how to add a page or a chart."""

from __future__ import annotations

import solara

from viz.pages import compare, evidence, explore, play, studio
from viz.shell import Shell

routes = [
    solara.Route("/", component=play.Page, label="Play", layout=Shell),
    solara.Route("compare", component=compare.Page, label="Compare"),
    solara.Route("explore", component=explore.Page, label="Explore"),
    solara.Route("studio", component=studio.Page, label="Studio"),
    solara.Route("evidence", component=evidence.Page, label="Evidence"),
]
