"""A visit in which everything that a redacted file must not say is a text that stands nowhere else."""

from __future__ import annotations

import contextlib
import io
import subprocess
import unicodedata
import zipfile
from pathlib import Path
from typing import Final

from domain.base import Actor, Role
from domain.membership import Terms
from domain.refusals import NotFound
from domain.values import Contact, PersonName, SecrecyLevel
from planner.application import Planner
from tests.domain.test_emergency import Signs
from tests.examples import (
    VISIT,
    absence,
    activity,
    delegation_details,
    key_point,
    member,
    officer_details,
    post_details,
    venue_details,
    visit_details,
)

#: What must not be said, by what it is.
CANARIES: Final = {
    "passport": "P7654321",
    "passport of another country": "VN 123456",
    "identity card": "079203001234",
    "telephone of a guest": "+856 20 5555 1234",
    "date of birth": "12/03/1961",
    "e-mail": "zq.guest@mofa.example",
    "needs": "zqpenicillinzq",
    "telephone of an officer": "0912 345 678",
    "name of an officer": "Zqnguyenzq",
    "rank of an officer": "zqranknzq",
    "callsign": "zqcallsignzq",
    "absence": "ABSZQ",
    "telephone of a commander": "0987 654 321",
    "contact of a venue": "zqcontactzq",
    "telephone of a key point": "0203 3825 115",
    "note of a visit": "zqvisitnotezq",
    "note of an activity": "zqactivitynotezq",
    "note of a venue": "zqvenuenotezq",
    "note of a key point": "zqpointnotezq",
    "instructions": "zqorderzq",
    "equipment": "zqpistolzq",
    "radio": "zqchannelzq",
    "author": "zqauthorzq",
    "way": "page zqwayzq",
    "reason": "zqreasonzq",
    "authority": "zqauthorityzq",
    "member": "zqmemberzq",
    "who broke the glass": "zqglasszq",
    "why the glass was broken": "zqsmokezq",
    "who was refused": "zqrefusedzq",
    "date of birth in words": "3 năm 1961",
}
#: What a redacted file says all the same.
STAYS: Final = ("Zqcommanderzq", "zqguestzq", "zqtitlezq", "08:00 24/11/2026", "zqtaskzq")

AUTHOR: Final = Actor(
    "zqauthorzq", frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL}), via=CANARIES["way"], signer=Signs()
)


def fill(planner: Planner) -> None:
    """The visit, as its author entered it."""
    by, why = AUTHOR, "zqreasonzq"
    secret = SecrecyLevel.SECRET
    planner.register_visit(VISIT, visit_details(notes="zqvisitnotezq", secrecy=secret), by=by, reason=why)
    _guests(planner)
    contacts = (Contact(name="zqcontactzq", phone="0203 3825 116"),)
    planner.register_venue("HOTEL-1", venue_details(contacts=contacts, notes="zqvenuenotezq"), by=by)
    point = key_point(phone="0203 3825 115", notes="zqpointnotezq")
    planner.mark_key_point("HOTEL-1", point, by=by)
    slot = activity(
        "A-01", title="zqtitlezq 08:00 24/11/2026, hộ chiếu VN 123456", venue="HOTEL-1", notes="zqactivitynotezq"
    )
    planner.schedule_activity(VISIT, slot, by=by, reason=why)
    ordinary = officer_details("Zqnguyenzq", rank="zqranknzq", phone="0912 345 678", callsign="zqcallsignzq")
    planner.register_officer("CA-0113", ordinary, by=by)
    planner.register_officer("CA-0114", officer_details("Zqcommanderzq", phone="0987 654 321"), by=by)
    planner.record_absence("CA-0113", absence("20:00", "22:00", code="ABSZQ"), by=by, reason=why)
    for code, start in (("P-01", "08:00"), ("P-02", "09:00")):
        details = post_details(
            start,
            "12:00",
            task="zqtaskzq",
            venue="HOTEL-1",
            commander="CA-0114",
            instructions="zqorderzq",
            equipment=("zqpistolzq",),
            radio="zqchannelzq",
        )
        planner.create_post(VISIT, code, details, by=by)
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=by, reason=why)
    planner.assign_officer(VISIT, "P-02", "CA-0113", override_authority="zqauthorityzq", by=by, reason=why)
    planner.grant_membership(VISIT, "zqmemberzq", Terms(roles=frozenset({Role.PLANNER})), by=by, reason=why)
    stranger = Actor("zqglasszq", frozenset({Role.PROTOCOL}), signer=Signs())
    planner.open_emergency_access(VISIT, by=stranger, reason="zqsmokezq, cần biết các chốt")
    with contextlib.suppress(NotFound):
        planner.cancel_post(VISIT, "P-01", by=Actor("zqrefusedzq", AUTHOR.roles))


def _guests(planner: Planner) -> None:
    planner.register_delegation(VISIT, "LA", delegation_details(), by=AUTHOR)
    guest = member(
        name=PersonName(romanised="zqguestzq"),
        rank="CCCD 079203001234, sinh ngày 12/03/1961",
        role="hộ chiếu P7654321, +856 20 5555 1234, zq.guest@mofa.example",
        party="sinh ngày 12 tháng 3 năm 1961",
        needs="zqpenicillinzq",
    )
    planner.add_member(VISIT, "LA", guest, by=AUTHOR)


def said_by(content: bytes, folder: Path) -> str:
    """All text of a file: pages of a PDF, members of an archive, and the bytes as they are."""
    if content.startswith(b"%PDF"):
        (folder / "file.pdf").write_bytes(content)
        command = ["pdftotext", "-raw", str(folder / "file.pdf"), "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    else:
        text = content.decode("utf-8-sig").replace("\r\n ", "").replace("\n ", "")
    return " ".join(unicodedata.normalize("NFC", text).replace("\u200b", "").replace("\\,", ",").split())


def found_in(said: str) -> set[str]:
    """What must not be said and is, by what it is."""
    return {what for what, text in CANARIES.items() if text in said}
