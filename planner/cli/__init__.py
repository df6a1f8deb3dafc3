"""The command ``planner``: everything that pages can do, for scripts and for people at a terminal.

``grammar`` says which commands there are and which module carries each one out; that module, and with it
everything heavy, is loaded only when its command is given, so that help and mistakes answer at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from domain.refusals import PlanningError
from planner.cli.console import Console
from planner.cli.grammar import joined, parser
from planner.cli.options import default_data
from planner.cli.words import chosen_language

#: Exit statuses: done; refused or found wanting; wrongly asked (argparse); stopped by the reader or by Ctrl-C.
DONE, REFUSED, PIPE_CLOSED, INTERRUPTED = 0, 1, 141, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line; the exit status. Wrong usage leaves through ``SystemExit(2)``."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = chosen_language(given, os.environ)
    asked = parser(language).parse_args(joined(given))
    asked.data_named = asked.data is not None
    asked.data = asked.data or default_data()
    console = Console(language)
    try:
        status = _carried_out(asked, console)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough; what is still buffered must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


def _carried_out(asked: argparse.Namespace, console: Console) -> int:
    module, _, name = asked.carried_out_by.partition(":")
    try:
        family = importlib.import_module(f"planner.cli.{module}")
        carry_out: Callable[[argparse.Namespace, Console], int] = getattr(family, name)
        return carry_out(asked, console)
    except PlanningError as refusal:
        console.refuse(refusal)
    except (BrokenPipeError, KeyboardInterrupt):
        raise
    except OSError as error:
        console.cannot(error)
    except Exception as error:
        console.broken(error)
    return REFUSED
