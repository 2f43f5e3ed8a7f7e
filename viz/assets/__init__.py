"""Files that the browser is given besides Solara's own; ``custom.css`` and ``custom.js`` take the place of Solara's."""
