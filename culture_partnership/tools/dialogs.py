"""Forms that open over what one was doing, and what is said when it is done."""


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


def notice(message, kind="success", then=None, **params):
    """A sentence that shows what was done, and closes the dialog that did it.

    :param message: translated text
    :param kind: of the host's notification: ``success``, ``info``, ``danger``
    :param then: action that follows, the dialog's end when there is none
    :param params: more of the host's notification
    :return: an action
    """
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": {
            "type": kind,
            "message": message,
            "next": then or {"type": "ir.actions.act_window_close"},
            **params,
        },
    }
