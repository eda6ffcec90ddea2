"""Forms that open over what one was doing."""


def dialog(record, name, **context):
    """The form of a record, in a dialog.

    :param record: of any model; none of it for a new one
    :param name: title
    :param context: of the dialog
    :return: an action
    """
    action = {
        "type": "ir.actions.act_window",
        "name": name,
        "res_model": record._name,
        "res_id": record.id,
        "views": [(False, "form")],
        "target": "new",
    }
    return {**action, "context": context} if context else action
