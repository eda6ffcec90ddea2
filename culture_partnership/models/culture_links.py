from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command

from .ir_rule import refusal

HIDDEN_NAME = "…"


class CultureLinks(models.AbstractModel):
    """Links lead only to what their writer may read.

    Rules look at a record before its change; the host computes the name at the
    other end of a link as superuser. So a link is asked about when it is written,
    created, given by a context, or shown in a form before any save.
    """

    _name = "culture.links"
    _description = "Links to what one may read"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_references([self._context_defaults(), *vals_list])
        return super().create(vals_list)

    def write(self, vals):
        self._check_references([vals])
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        """The host's, on links that the user may read.

        :param values: values of the form
        :param field_names: changed fields
        :param fields_spec: what to answer
        :return: dict of values and warnings
        """
        self._check_references([self._context_defaults(), values])
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _context_defaults(self):
        return {
            key.removeprefix("default_"): value
            for key, value in self.env.context.items()
            if key.startswith("default_")
        }

    def _check_references(self, vals_list):
        """What is asked of links before they are created, written or shown."""
        self._check_links(vals_list)

    def _check_links(self, vals_list):
        """Refuse links to what the user may not read, or that does not exist.

        Asked by a search: rules answer it in one query, whatever the number.
        """
        if self.env.su:
            return
        for name in {name for vals in vals_list for name in vals}:
            field = self._fields.get(name)
            if field is None or field.type != "many2one":
                continue
            ids = {link_id(vals[name]) for vals in vals_list if vals.get(name)}
            ids.discard(None)
            target = self.env[field.comodel_name].with_context(active_test=False)
            if ids and target.search_count([("id", "in", list(ids))]) < len(ids):
                raise refusal(self.env)

    def _hide_names(self):
        """Take the name away where the user may not read the record.

        A name at the end of a link is computed as superuser, on whatever id the
        caller gives. What stands there then is no name.
        """
        if self.env.uid == SUPERUSER_ID:
            return
        known = self.filtered("id")
        for record in known - known.sudo(False)._filtered_access("read").sudo(
            self.env.su
        ):
            record.display_name = HIDDEN_NAME

    def _check_many(self, vals_list, name):
        """What a many2many leads to: records that the user may read, and no others.

        :param vals_list: list of dicts of values
        :param name: of the field
        :raise AccessError: also for a command that makes or changes the records
        """
        ids = set()
        for vals in vals_list:
            ids |= self._linked_ids(vals.get(name))
        ends = self.env[self._fields[name].comodel_name].with_context(active_test=False)
        if ids and ends.search_count([("id", "in", list(ids))]) < len(ids):
            raise refusal(self.env)

    @api.model
    def _linked_ids(self, commands):
        """Ids that commands lead to, or that a context gives as they are."""
        ids = set()
        if commands and not isinstance(commands, (list, tuple)):
            raise refusal(self.env)
        for command in commands or ():
            match command:
                case int():
                    ids.add(command)
                case [Command.SET, _, [*given]]:
                    ids.update(given)
                case [Command.LINK, id_, *_]:
                    ids.add(id_)
                case [Command.DELETE | Command.UNLINK | Command.CLEAR, *_]:
                    pass
                case _:
                    raise refusal(self.env)
        if any(type(id_) is not int for id_ in ids):
            raise refusal(self.env)
        return ids


def link_id(value):
    """Id that a link's value means, in any of the forms the host takes.

    :param value: id, pair of id and name, dict of a parent in a form, or anything
    :return: id, 0 for what is no id, None for a parent that is not saved yet
    """
    if isinstance(value, dict):
        return value.get("id") or None
    if isinstance(value, (list, tuple)):
        value = value[0] if value else 0
    return value if isinstance(value, int) else 0
