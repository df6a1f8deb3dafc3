"""Typing a place as latitude and longitude."""

from __future__ import annotations

import re
from typing import Final

import streamlit as st

from domain.refusals import InvalidInput
from domain.values import Coordinates
from planner.text import Speaker

_NUMBER: Final = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_SIDES: Final = {"N": 1, "S": -1, "E": 1, "W": -1, "B": 1, "Đ": 1, "T": -1}


def coordinates_input(speaker: Speaker, key: str, picked: Coordinates | None, held: Coordinates | None = None) -> str:
    """The text of a place; a place clicked on the map takes the field over, what was held stands there before."""
    shown = picked or held
    written = "" if shown is None else speaker.show(shown)
    typed = st.text_input(
        speaker("Coordinates (latitude, longitude)"),
        written,
        key=f"{key}_at_{written}",
        placeholder="16.06778, 108.22083",
        help=speaker("Click the map, or type degrees: 16.06778, 108.22083"),
        max_chars=60,
    )
    if held is not None and shown != held:
        st.caption(speaker("As clicked on the map; until now it is {place}.", place=held))
    return typed


def read_coordinates(text: str) -> Coordinates:
    """A typed place: «16.06, 108.22», «16,06; 108,22», «29.9 S 71.2 W». Raises ``InvalidInput``."""
    if not text.strip():
        raise InvalidInput.because(
            "The place is missing: click it on the map, or type latitude and longitude, as in 16.06778, 108.22083."
        )
    letters = [letter for letter in text.upper() if letter in _SIDES]
    written = text if ";" in text or "." in text else re.sub(r",\s", "; ", text)
    numbers = [found.replace("−", "-").replace(",", ".") for found in _NUMBER.findall(written)]
    if len(numbers) != 2:
        raise InvalidInput.because(
            "«{typed}» is no place: type latitude and longitude in degrees, as in 16.06778, 108.22083.", typed=text
        )
    lat, lon = (float(number) for number in numbers)
    if len(letters) == 2:
        lat, lon = abs(lat) * _SIDES[letters[0]], abs(lon) * _SIDES[letters[1]]
    if abs(lat) > 90 or abs(lon) > 180:
        raise InvalidInput.because(
            "{lat}, {lon} lies off the earth: latitude is between −90 and 90, longitude between −180 and 180.",
            lat=str(lat),
            lon=str(lon),
        )
    return Coordinates(lat=lat, lon=lon)
