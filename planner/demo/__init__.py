"""The demo visit: its map extract, its people and places, its programme, and the weeks in which it was planned."""
