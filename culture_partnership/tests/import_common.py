import base64

from freezegun import freeze_time

from odoo.fields import Command

from .common import CultureCase
from .test_import_tools import content

NOW = "2026-11-22 10:00:00"
LINES = {"error": "error_line_ids", "duplicate": "choice_line_ids"}


class ImportCase(CultureCase):
    """Files of tests/files, imported as a role user on 22 November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))

    def _import(self, kind, data, user=None, **vals):
        """Choose a file and have it checked.

        :param data: bytes, text, or the name of a file of tests/files
        :return: the assistant, as the user
        """
        if isinstance(data, str):
            data = data.encode() if "\n" in data else content(data)
        assistant = (
            self.env[f"culture.import.{kind}"]
            .with_user(user or self.coordinator)
            .create({"file": base64.b64encode(data), **vals})
        )
        assistant.action_check()
        return assistant

    def _results(self, assistant):
        """:return: dict of line number to result"""
        return {line.number: line.result for line in assistant.line_ids}

    def _answer(self, assistant, number, **vals):
        """Change a line on the screen, and save."""
        line = assistant.line_ids.filtered(lambda line: line.number == number)
        name = LINES.get(line.result, "line_ids")
        assistant.write({name: [Command.update(line.id, vals)]})
        return line
