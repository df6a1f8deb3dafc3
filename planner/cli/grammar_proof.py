"""What can be asked of ``planner`` about the proof that nobody rewrote the history."""

from __future__ import annotations

from pathlib import Path

from planner.cli.options import Commands, add_command, add_format, add_release, add_visit, add_who, port
from planner.cli.words import Words


def add_proof(commands: Commands, _: Words) -> None:
    """``planner checkpoint``, ``witness``, ``verify``, ``bundle`` and ``verify-bundle``."""
    _witnessing(commands, _)
    _verifying(commands, _)


def _witnessing(commands: Commands, _: Words) -> None:
    key = _("public key, or a file that holds it")
    checkpoint = add_command(
        commands,
        _,
        "checkpoint",
        "proving:checkpoint",
        _("Sign what the log holds now, and print it; the logs of reads and of refusals too."),
        _("Of these two --out writes FILE.reads and FILE.refusals beside FILE."),
    )
    checkpoint.add_argument(
        "--log",
        choices=("events", "reads", "refusals", "sign-ins"),
        default="events",
        help=_("which log is printed, and --show-key and --proof are of (default: events)"),
    )
    checkpoint.add_argument("--qr", action="store_true", help=_("print it as a QR code too"))
    checkpoint.add_argument("--show-key", action="store_true", help=_("print the public key of the log instead"))
    checkpoint.add_argument("--out", metavar="FILE", type=Path, help=_("write it to a file too"))
    checkpoint.add_argument(
        "--since", metavar="N", type=int, default=0, help=_("event or row from which --proof starts")
    )
    checkpoint.add_argument("--proof", metavar="FILE", type=Path, help=_("write what proves that the log only grew"))
    checkpoint.add_argument("--witness", metavar="URL", help=_("have it signed by the witness at this address"))
    checkpoint.add_argument(
        "--witness-key", metavar="KEY", help=_("take signatures of this witness: {key}").format(key=key)
    )
    checkpoint.add_argument("--cosigned", metavar="FILE", type=Path, help=_("take in what a witness signed by file"))
    witness = add_command(
        commands,
        _,
        "witness",
        "proving:witness",
        _("Witness the checkpoints of a log, on another machine than the log's."),
        _("It refuses a log that has shrunk or is another one. What it has seen lies in a directory of its own."),
    )
    witness.add_argument("--state", metavar="DIR", type=Path, required=True, help=_("directory of the witness"))
    witness.add_argument("--name", default="witness", help=_("name of its key, when it is made"))
    witness.add_argument("--log-key", metavar="KEY", help=_("a log to witness: {key}").format(key=key))
    witness.add_argument("--checkpoint", metavar="FILE", type=Path, help=_("the checkpoint to sign"))
    witness.add_argument("--proof", metavar="FILE", type=Path, help=_("what proves that the log only grew"))
    witness.add_argument("--out", metavar="FILE", type=Path, help=_("the file to write"))
    witness.add_argument("--serve", action="store_true", help=_("sign for whoever asks over HTTP, until Ctrl-C"))
    witness.add_argument("--host", default="127.0.0.1", help=_("address to serve (default: this machine only)"))
    witness.add_argument("--port", type=port, default=8511, help=_("port to serve (default: 8511)"))
    witness.add_argument("--tls-cert", metavar="FILE", type=Path, help=_("certificate, to be asked over HTTPS"))
    witness.add_argument("--tls-key", metavar="FILE", type=Path, help=_("key of the certificate"))


def _verifying(commands: Commands, _: Words) -> None:
    key = _("public key, or a file that holds it")
    verify = add_command(
        commands,
        _,
        "verify",
        "proving:verify",
        _("Verify that nobody rewrote the history."),
        _("Levels: 1 files, 2 checkpoints, 3 signatures, 4 events, 5 plan. Exit status 1 if anything does not hold."),
    )
    verify.add_argument("--level", type=int, choices=(1, 2, 3, 4, 5), default=5, help=_("how far (default: 5)"))
    verify.add_argument(
        "--checkpoint", metavar="FILE", type=Path, action="append", default=[], help=_("a checkpoint kept elsewhere")
    )
    verify.add_argument(
        "--witness-key",
        metavar="KEY",
        action="append",
        default=[],
        help=_("who must have signed it: {key}").format(key=key),
    )
    verify.add_argument(
        "--vouched", action="store_true", help=_("a key to sign with that nobody vouched for does not hold")
    )
    bundle = add_command(commands, _, "bundle", "proving:bundle", _("Write the events of a visit with their proofs."))
    add_visit(bundle, _)
    add_who(bundle, _)
    bundle.add_argument(
        "--redact", action="store_true", help=_("hashes instead of the events: so it is without --whole")
    )
    add_release(bundle, _)
    check = add_command(
        commands, _, "verify-bundle", "proving:verify_bundle", _("Verify a bundle; no data directory is needed.")
    )
    check.add_argument("file", metavar="FILE.zip", type=Path, help=_("the bundle"))
    check.add_argument("--trust", metavar="KEY", action="append", default=[], help=key)
    for one in (verify, check):
        add_format(one, _, "json", "text")
