"""Pictures for files whose source lies outside: the sandbox fetches nothing, so it draws."""

import html
from hashlib import sha256

from sandbox.store.media import File

_PALETTES = (
    ("#f6d6c4", "#b7472a"),
    ("#d5e8d4", "#2f6b3c"),
    ("#d6e4f5", "#1f4f8f"),
    ("#efe1f7", "#6a3d8f"),
    ("#fbeec2", "#8a6400"),
    ("#d9eeee", "#17696b"),
    ("#f7d9e3", "#9b2c55"),
    ("#e4e2dc", "#55504a"),
)


def draw(file: File, label: str) -> str:
    """An SVG of the file's own dimensions: colours and shape follow from its source, the text from the
    label.
    """
    digest = sha256(file.original_source.encode()).digest()
    light, dark = _PALETTES[digest[2] % len(_PALETTES)]
    width, height = file.width, file.height
    x, y, r = width // 2, height // 2, min(width, height) // 3
    shapes = (
        f'<circle cx="{x}" cy="{y}" r="{r}"',
        f'<rect x="{x - r}" y="{y - r}" width="{2 * r}" height="{2 * r}" rx="{r // 5}"',
        f'<path d="M{x} {y - r} l{r} {2 * r} h-{2 * r} z"',
    )
    shape = f'{shapes[digest[3] % len(shapes)]} fill="{dark}" opacity=".85"/>'
    initials = "".join(word[0] for word in label.split()[:2] if word[0].isalnum()).upper()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}"><rect width="100%" height="100%" fill="{light}"/>{shape}'
        '<text x="50%" y="50%" dominant-baseline="central" text-anchor="middle" font-family="sans-serif"'
        f' font-weight="600" font-size="{r * 2 // 3}" fill="#fff">{html.escape(initials)}</text></svg>'
    )
