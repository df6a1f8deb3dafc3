"""Map packs and the ways between places, without any network.

``map_pack`` opens packs, ``pack_building`` builds them, ``map_making`` has the demo's built beside the pages,
``engine`` finds ways on one, ``diversity`` chooses ways that share little, ``overlap`` measures what they share,
``chokepoints`` says where all ways must pass, ``way`` is what a way is. Valhalla itself is touched only by
``valhalla_process``, which runs in processes of its own.
"""
