"""A mail server that delivers nowhere: each mail becomes a file in a folder.

usage: mailcatcher.py PORT FOLDER
"""

import socketserver
import sys
import time
from pathlib import Path


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as Odoo speaks to a server on its own machine."""

    def handle(self):
        self.answer("220 demonstration")
        while line := self.rfile.readline():
            command = line.split(None, 1)[0].upper() if line.strip() else b""
            if command == b"DATA":
                self.answer("354 go on")
                self.server.keep(self.read_mail())
            if command == b"QUIT":
                self.answer("221 goodbye")
                return
            self.answer("250 ok")

    def answer(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def read_mail(self):
        lines = iter(self.rfile.readline, b".\r\n")
        return b"".join(line.removeprefix(b".") for line in lines)


class Mailbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, folder):
        super().__init__(("127.0.0.1", port), Conversation)
        self.folder = folder

    def keep(self, mail):
        stamp = time.strftime("%Y%m%d-%H%M%S")
        (self.folder / f"{stamp}-{time.monotonic_ns()}.eml").write_bytes(mail)


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    Mailbox(int(sys.argv[1]), folder).serve_forever()
