"""Folium without a network: every script and stylesheet that it names is one of this server's, or it raises.

Folium writes addresses of delivery networks into its classes. Importing this module changes them, once and for all
classes: names in ``ASSETS`` become addresses here, names in ``LEFT_OUT`` go, and whatever names anything else
raises ``NoLocalCopy`` when it is constructed, instead of asking the internet when it is drawn.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import branca.element
from branca.colormap import ColorMap
from folium.elements import JSCSSMixin

from ui.assets import ASSETS, LEFT_OUT

#: What all addresses of files on this server begin with.
HERE: Final = "/static/"

type Links = list[tuple[str, str]]


class NoLocalCopy(LookupError):
    """A part of a map wants a file that does not lie on this server."""


def local(links: Links, owner: str) -> Links:
    """The links with addresses on this server. Raises ``NoLocalCopy`` for a name that has none."""
    kept: Links = []
    for name, address in links:
        if name in LEFT_OUT:
            continue
        if name not in ASSETS and not address.startswith(HERE):
            raise NoLocalCopy(f"{owner} wants {name}, which has no local copy: add it to ui/assets/wanted.py")
        kept.append((name, ASSETS.get(name, address)))
    return kept


def _made_local(cls: Any, *_: Any, **__: Any) -> Any:
    """Takes the place of ``__new__`` of everything that brings scripts or stylesheets."""
    cls.default_js = local(cls.default_js, cls.__name__)
    cls.default_css = local(cls.default_css, cls.__name__)
    return object.__new__(cls)


def _add_link(self: JSCSSMixin, name: str, url: str, default_list: Links) -> None:
    """As Folium's own, which would change the list of the whole class with any address."""
    link = local([(name, url)], type(self).__name__)
    default_list[:] = [*(kept for kept in default_list if kept[0] != name), *link]


def _no_colour_map(cls: Any, *_: Any, **__: Any) -> Any:
    raise NoLocalCopy(f"{cls.__name__} draws its scale with d3 from a delivery network: draw a legend instead")


JSCSSMixin.__new__ = staticmethod(_made_local)  # type: ignore[method-assign]  # Folium has no other way
JSCSSMixin._add_link = _add_link  # type: ignore[method-assign]  # Folium has no other way
#: Every element of a map compiles the template of its class anew, a millisecond each: templates never change.
branca.element.Template = functools.cache(branca.element.Template)  # type: ignore[attr-defined,assignment]  # as above
ColorMap.__new__ = staticmethod(_no_colour_map)  # type: ignore[method-assign]  # Folium has no other way
