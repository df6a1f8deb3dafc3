"""What the plain pages say of the second factor: the code at the door, and taking a secret into an authenticator."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import segno

from planner.account import Account
from planner.second_factor import Enrolment
from planner.text import Speaker

_CODE = (
    '<label for="code">{label}</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" '
    'maxlength="12" pattern="[0-9 ]*" required{focus}>'
)
_PASSWORD = (
    '<label for="password">{label}</label><input id="password" name="password" type="password" '
    'autocomplete="current-password" maxlength="1000" required>'
)


def code_form(speaker: Speaker, hidden: Mapping[str, str], wrong: str) -> str:
    """The second step at the door."""
    kept = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    said = speaker("Enter the code that your authenticator shows.")
    lost = speaker("Device lost? Ask your administrator.")
    return f"""<h1>{escape(speaker("Second factor"))}</h1><p>{escape(said)}</p>{alert(wrong)}
<form method="post" action="/login/code">{kept}
{_code(speaker)}
<button type="submit">{escape(speaker("Sign in"))}</button></form>
<p class="note">{escape(lost)} <a href="/login">{escape(speaker("Sign in again"))}</a></p>"""


def enrolment_form(speaker: Speaker, enrolment: Enrolment, account: Account, forced: bool, wrong: str) -> str:
    """The picture and the text of a secret, and the first code."""
    why = speaker("Your role needs a second factor here. Set it up before you go on.") if forced else ""
    steps = (
        speaker(
            "Take the picture with an authenticator, or type the key into it. Then enter your password and the code "
            "it shows."
        )
        if account.has_password
        else speaker("Take the picture with an authenticator, or type the key into it. Then enter the code it shows.")
    )
    name = speaker("QR code for an authenticator")
    picture = segno.make(enrolment.address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    label = escape(speaker("Key, where no picture can be taken"))
    back = _back(speaker, forced)
    return f"""<h1>{escape(speaker("Second factor"))}</h1>{f"<p>{escape(why)}</p>" if why else ""}{alert(wrong)}
<p>{escape(steps)}</p><div class="qr" role="img" aria-label="{escape(name)}">{picture}</div>
<p>{label}<br><code class="key">{escape(enrolment.spelt)}</code></p>
<form method="post" action="/second-factor">{_password(speaker, account)}
{_code(speaker, focus="")}
<button type="submit">{escape(speaker("Turn on"))}</button></form>
{back}"""


def held_form(speaker: Speaker, since: str, account: Account, may_give_up: bool, wrong: str) -> str:
    """What stands there once there is one."""
    told = speaker("Your second factor is on since {moment}. A code is asked for after the password.", moment=since)
    keeps = speaker("Who must have a second factor keeps it. For a new device, ask the administrator.")
    if may_give_up:
        rest = f"""<form method="post" action="/second-factor">{_password(speaker, account)}
{_code(speaker, focus="")}
<button type="submit">{escape(speaker("Turn off"))}</button></form>"""
    else:
        rest = f"<p>{escape(keeps)}</p>"
    return f"""<h1>{escape(speaker("Second factor"))}</h1>{alert(wrong)}<p>{escape(told)}</p>{rest}
{_back(speaker, forced=False)}"""


def alert(wrong: str) -> str:
    """What went wrong, where something did."""
    return f'<p class="alert" role="alert">{escape(wrong)}</p>' if wrong else ""


def _password(speaker: Speaker, account: Account) -> str:
    """The field for the password, where there is one."""
    return _PASSWORD.format(label=escape(speaker("Password"))) if account.has_password else ""


def _code(speaker: Speaker, focus: str = " autofocus") -> str:
    return _CODE.format(label=escape(speaker("Code of six digits")), focus=focus)


def _back(speaker: Speaker, forced: bool) -> str:
    address, said = ("/logout", speaker("Sign out")) if forced else ("/settings", speaker("Back to the settings"))
    return f'<p class="note"><a href="{address}">{escape(said)}</a></p>'
