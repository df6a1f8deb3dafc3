"""Maps without a network: Folium on local assets, our basemap, and pure functions from the plan to layers.

``offline`` turns every address of Folium's into one of this server, ``base_map`` is the map itself, ``layer`` what
is drawn on it, ``places``, ``ways`` and ``posts`` make layers of a plan, ``shown`` puts a map on a page.
"""
