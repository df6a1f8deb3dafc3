"""The browser assets: which files are taken from which npm package, and where they land.

Versions stand in ``package.json``, integrity hashes in ``package-lock.json``, both beside this file.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package, the folder its files land in, and patterns of the files, relative to the package.

    Below ``strip`` the files keep their folders: stylesheets name images and fonts relative to themselves.
    """

    name: str
    folder: str
    files: tuple[str, ...]
    strip: str = ""


MAP_PACKAGES = (
    Package("leaflet", "leaflet", ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png"), "dist"),
    Package("jquery", "jquery", ("dist/jquery.min.js",), "dist"),
    Package("bootstrap", "bootstrap", ("dist/js/bootstrap.bundle.min.js", "dist/css/bootstrap.min.css"), "dist"),
    Package(
        "leaflet.awesome-markers",
        "awesome-markers",
        ("dist/leaflet.awesome-markers.min.js", "dist/leaflet.awesome-markers.css", "dist/images/*.png"),
        "dist",
    ),
    Package("@fortawesome/fontawesome-free", "fontawesome", ("css/all.min.css", "webfonts/*.woff2")),
    Package("leaflet-draw", "draw", ("dist/leaflet.draw.js", "dist/leaflet.draw.css", "dist/images/*"), "dist"),
    Package(
        "leaflet.markercluster",
        "markercluster",
        ("dist/leaflet.markercluster.js", "dist/MarkerCluster.css", "dist/MarkerCluster.Default.css"),
        "dist",
    ),
    Package(
        "leaflet.fullscreen",
        "fullscreen",
        ("Control.FullScreen.js", "Control.FullScreen.css", "icon-fullscreen.svg"),
    ),
    Package(
        "leaflet-measure",
        "measure",
        ("dist/leaflet-measure.js", "dist/leaflet-measure.css", "dist/assets/*"),
        "dist",
    ),
    Package(
        "leaflet-mouse-position",
        "mouse-position",
        ("src/L.Control.MousePosition.js", "src/L.Control.MousePosition.css"),
        "src",
    ),
    Package("leaflet-polylineoffset", "polylineoffset", ("leaflet.polylineoffset.js",)),
    Package("protomaps-leaflet", "protomaps-leaflet", ("dist/protomaps-leaflet.js",), "dist"),
)


@dataclass(frozen=True, slots=True)
class Script:
    """Where the letters of some languages come from: an npm package and the wanted subsets of it."""

    package: str
    folder: str
    subsets: tuple[str, ...]


# The Latin letters of the Lao and Khmer fonts are left where they are: Noto Sans has the same.
PAGE_SCRIPTS = (
    Script("@fontsource/noto-sans", "noto-sans", ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")),
    Script("@fontsource/noto-sans-lao", "noto-sans-lao", ("lao",)),
    Script("@fontsource/noto-sans-khmer", "noto-sans-khmer", ("khmer",)),
)

PAGE_WEIGHTS = (400, 600, 700)

# PDFs are set with whole TrueType fonts; they land beside the exports, which know nothing of pages.
PRINT_PACKAGES = tuple(
    Package(name, "", tuple(f"{style}/*.ttf" for style in styles))
    for name, styles in (
        ("@expo-google-fonts/noto-sans", ("400Regular", "400Regular_Italic", "700Bold")),
        ("@expo-google-fonts/noto-sans-lao", ("400Regular", "700Bold")),
        ("@expo-google-fonts/noto-sans-khmer", ("400Regular", "700Bold")),
    )
)
