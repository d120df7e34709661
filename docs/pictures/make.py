#!/usr/bin/env python3
"""Makes the pictures of the README: a terminal in which a document is generated from and reviewed, and the review as a
page. Needs `cargo oas` on the path, and Chromium for the page.

    PATH="$PWD/target/debug:$PATH" docs/pictures/make.py
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import tempfile
import termios

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Colours of the eight that programs ask for by number, on the background below.
COLOURS = ["#484f58", "#ff7b72", "#7ee787", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#e6edf3"]
BACKGROUND, TEXT = "#0d1117", "#e6edf3"
LINE, LETTER, MARGIN = 19, 8.4, 16


def run(command, home):
    """Runs a line as it is typed in a terminal of 100 columns; what it prints, with its colours."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
    variables = dict(os.environ, TERM="xterm-256color")
    variables.pop("NO_COLOR", None)
    process = subprocess.Popen(command, shell=True, cwd=home, env=variables, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    printed = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        printed += piece
    process.wait()
    os.close(master)
    lines = printed.decode().replace("\r\n", "\n").replace(str(home), "~/petstore").split("\n")
    # Of what was overwritten, what was there last; of escape sequences, colours alone.
    lines = [line.rsplit("\r", 1)[-1] for line in lines]
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-ln-z]", "", "\n".join(lines))


def spans(text):
    """Pieces of one line with the colour and weight that escape sequences give them."""
    colour, bold = TEXT, False
    for piece in re.split(r"(\x1b\[[0-9;]*m)", text):
        if not piece.startswith("\x1b["):
            if piece:
                yield piece, colour, bold
            continue
        for code in (int(code or 0) for code in piece[2:-1].split(";")):
            if code == 0:
                colour, bold = TEXT, False
            elif code == 1:
                bold = True
            elif code == 2:
                colour = "#8b949e"
            elif 30 <= code <= 37:
                colour = COLOURS[code - 30]
            elif 90 <= code <= 97:
                colour = COLOURS[code - 90]
            elif code == 39:
                colour = TEXT


def terminal(lines):
    """A picture of a terminal with these lines."""
    width = int(max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines) * LETTER + 2 * MARGIN)
    height = len(lines) * LINE + 2 * MARGIN
    rows = []
    for number, line in enumerate(lines):
        pieces = "".join(
            f'<tspan fill="{colour}" font-weight="{"bold" if bold else "normal"}">{html.escape(piece)}</tspan>'
            for piece, colour, bold in spans(line)
        )
        rows.append(f'<text x="{MARGIN}" y="{MARGIN + 14 + number * LINE}" xml:space="preserve">{pieces}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="monospace" '
        f'font-size="14">\n<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )


def main():
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        document = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.S).group(1)
        (home / "petstore.yaml").write_text(document)
        shown = []
        for command in ["cargo oas init petstore.yaml --yes", "cargo oas codegen --check"]:
            shown += [f"\x1b[1m$ {command}\x1b[0m", *run(command, home).rstrip().splitlines(), ""]
        (HERE / "init.svg").write_text(terminal(shown[:-1]))

        edited = document.replace("int64", "int32").replace("hungry]", "hungry, asleep]")
        (home / "openapi/petstore.yaml").write_text(edited)
        command = "cargo oas review --base petstore.yaml --revision openapi/petstore.yaml"
        shown = [f"\x1b[1m$ {command}\x1b[0m", *run(command, home).rstrip().splitlines()]
        (HERE / "review.svg").write_text(terminal(shown))

        run(f"{command} --format html --output review.html", home)
        browser = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
        picture = HERE / "review.png"
        run(
            f"{browser} --headless --no-sandbox --hide-scrollbars --force-device-scale-factor=1 --window-size=1100,900 "
            f"--screenshot={picture} file://{home}/review.html",
            home,
        )


if __name__ == "__main__":
    main()
