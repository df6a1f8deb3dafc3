"""What a member of the hidden visit, and an officer on duty in it, are sent, and which texts stand in it."""

from __future__ import annotations

from collections.abc import Collection

from tests.access.canaries import KIM, THEIRS, Everything, download_addresses, downloads
from tests.serving import Running
from ui.menu import pages_for


def sent_to_members(server: Running) -> dict[str, bytes]:
    """Every page and file of the visit, own duties and a calendar: by what was asked for."""
    kim, thao = Everything(server, KIM.user), Everything(server, "thao")
    sent = {page: kim.page(page, visit=THEIRS) for page in pages_for(KIM.roles)}
    for path in download_addresses(downloads(), THEIRS):
        sent[path] = kim.taken_out(path)[1]
    sent["own duties"] = thao.page("my_assignments") + thao.asked("/m/")[1] + thao.asked(f"/m/duty/{THEIRS}/ZQN-1")[1]
    sent["calendar"] = thao.asked(f"/calendar/{server.accounts.new_feed('thao')}.ics")[1]
    return sent


def naming(sent: dict[str, bytes], texts: Collection[str]) -> dict[str, list[str]]:
    """Where which text stands, but for the words of a search, which its own page repeats."""
    found = {
        what: [text for text in texts if text.encode() in content and not (what.startswith("search") and text in what)]
        for what, content in sent.items()
    }
    return {what: told for what, told in found.items() if told}
