"""Fetch the browser assets and fonts: ``python -m ui.assets.install``. ``--lock`` writes the lock file instead.

npm comes with the Python packages, so nothing but Python is needed. It checks every package against its
integrity hash, runs no script of any package, and works in a folder that is thrown away afterwards.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from planner.exports.fonts import FONTS
from ui.assets import LANDED, require_assets
from ui.assets.wanted import MAP_PACKAGES, PAGE_SCRIPTS, PAGE_WEIGHTS, PRINT_PACKAGES, Package, Script

MANIFEST = Path(__file__).resolve().parent
LICENCES = re.compile(r"licen[cs]e|copying", re.IGNORECASE)
FACE = re.compile(r"@font-face \{.*?\}", re.DOTALL)


def npm(*arguments: str, folder: Path) -> None:
    """Run npm in a folder, or end with what it had to say. Scripts of packages never run."""
    program = Path(sys.executable).parent / "npm"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    # Ministries and companies put certificates of their own into the system's store: trust them, as pip does.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    done = subprocess.run(
        [program, *arguments, *quiet], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip() or f"npm ended with {done.returncode}"
        sys.exit(f"The browser assets could not be fetched; mend the network and run `make setup`.\n{said}")


def copy(source: Path, target: Path) -> None:
    """Copy one file, making the folders above it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def take(modules: Path, package: Package, landing: Path) -> None:
    """Copy the wanted files of a package, and its licence. Every pattern must find something."""
    source = modules / package.name
    for pattern in package.files:
        found = sorted(source.glob(pattern))
        if not found:
            sys.exit(f"{package.name} has no {pattern}: wanted.py and package.json do not fit")
        for file in found:
            copy(file, landing / package.folder / file.relative_to(source / package.strip))
    take_licence(source, landing / package.folder)


def take_licence(source: Path, landing: Path) -> None:
    """Copy the licence texts of a package, or write down what its manifest says where it carries no text."""
    texts = [file for file in source.iterdir() if file.is_file() and LICENCES.search(file.name)]
    for text in texts:
        copy(text, landing / text.name)
    if not texts:
        manifest = json.loads((source / "package.json").read_text(encoding="utf-8"))
        author = manifest.get("author", "")
        name = author.get("name", "") if isinstance(author, dict) else author
        line = f"{manifest['name']} {manifest['version']}, {name or 'its authors'}: {manifest['license']}\n"
        (landing / "LICENSE").write_text(line, encoding="utf-8")


def faces(modules: Path, script: Script) -> Iterator[str]:
    """The ``@font-face`` blocks of a script's subsets, all in the family Noto Sans."""
    for weight in PAGE_WEIGHTS:
        sheet = (modules / script.package / f"{weight}.css").read_text(encoding="utf-8")
        for subset in script.subsets:
            file = f"{script.folder}-{subset}-{weight}-normal.woff2"
            blocks = [block for block in FACE.findall(sheet) if f"/{file})" in block]
            if len(blocks) != 1:
                sys.exit(f"{script.package} has no {subset} of {weight}: wanted.py and package.json do not fit")
            block = re.sub(r"font-family: '[^']*'", "font-family: 'Noto Sans'", blocks[0])
            yield re.sub(r"src: [^;]*;", f"src: url(./{script.folder}/{file}) format('woff2');", block)


def take_page_fonts(modules: Path, landing: Path) -> None:
    """Copy the letters that pages need, with one stylesheet: a browser loads a script when a text uses it."""
    sheet: list[str] = []
    for script in PAGE_SCRIPTS:
        wanted = tuple(
            f"files/{script.folder}-{subset}-{weight}-normal.woff2"
            for subset in script.subsets
            for weight in PAGE_WEIGHTS
        )
        take(modules, Package(script.package, script.folder, wanted, "files"), landing)
        sheet.extend(faces(modules, script))
    (landing / "fonts.css").write_text("\n".join(sheet) + "\n", encoding="utf-8")


def take_print_fonts(modules: Path, landing: Path) -> None:
    """Copy the TrueType fonts flat into one folder, the licence of each beside it."""
    for package in PRINT_PACKAGES:
        source = modules / package.name
        for pattern in package.files:
            for file in sorted(source.glob(pattern)):
                copy(file, landing / file.name)
        copy(source / "LICENSE_FONT", landing / f"{package.name.rpartition('/')[2]}.LICENSE")


def replace(folder: Path, fresh: Path) -> None:
    """Put the fresh folder in the place of the old one."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(fresh, folder)


def install() -> None:
    """Fetch what the lock file pins, and put the wanted files in their places."""
    with tempfile.TemporaryDirectory(prefix="planner-assets-") as name:
        work = Path(name)
        for file in ("package.json", "package-lock.json", ".npmrc"):
            copy(MANIFEST / file, work / file)
        npm("ci", folder=work)
        modules = work / "node_modules"
        for package in MAP_PACKAGES:
            take(modules, package, work / "assets")
        take_page_fonts(modules, work / "assets")
        take_print_fonts(modules, work / "fonts")
        replace(LANDED, work / "assets")
        replace(FONTS, work / "fonts")
    require_assets()


def lock() -> None:
    """Resolve ``package.json`` into ``package-lock.json``, with integrity hashes and without addresses."""
    npm("install", "--package-lock-only", folder=MANIFEST)


if __name__ == "__main__":
    lock() if sys.argv[1:] == ["--lock"] else install()
