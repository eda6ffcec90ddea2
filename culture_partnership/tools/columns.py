"""The columns that a file may have, and the words that name them.

The first word of each column is the one of the template, which is French as its
users are; files with English headers are read too.
"""

from .texts import key

PEOPLE = {
    "last_name": ("Nom", "Nom de famille", "Last name", "Surname", "Name"),
    "first_name": ("Prénom", "Prénoms", "First name", "Given name"),
    "chosen_name": ("Se fait appeler", "Prénom usuel", "Called", "Chosen name"),
    "birth_date": (
        "Date de naissance",
        "Naissance",
        "Né le",
        "Née le",
        "Né(e) le",
        "DDN",
        "Birth date",
        "Date of birth",
    ),
    "phone": (
        "Téléphone",
        "Tél",
        "Portable",
        "Mobile",
        "Téléphone portable",
        "Téléphone mobile",
        "Téléphone fixe",
        "N° de téléphone",
        "Phone",
    ),
    "email": (
        "Courriel",
        "E-mail",
        "Mail",
        "Adresse e-mail",
        "Adresse mail",
        "Adresse électronique",
    ),
    "channel": ("Moyen de contact", "Comment joindre", "How to reach", "Channel"),
    "structure": ("Structure", "Service", "Antenne"),
    "referent": (
        "Référent social",
        "Référent",
        "Référente",
        "Social referent",
        "Referent",
    ),
}
PROGRAMME = {
    "name": ("Sortie", "Titre", "Spectacle", "Événement", "Outing", "Title", "Event"),
    "day": ("Date", "Date de début", "Début", "Jour", "Start", "Start date"),
    "hour": ("Heure", "Heure de début", "Horaire", "Time", "Start time"),
    "end_day": ("Date de fin", "Fin", "End", "End date"),
    "end_hour": ("Heure de fin", "End time"),
    "valid_until": ("Valable jusqu’au", "Valable jusqu'au", "Valid until"),
    "venue": ("Lieu", "Salle", "Venue", "Location", "Place"),
    "seats": ("Places", "Nombre de places", "Places au total", "Seats"),
    "discipline": ("Discipline", "Genre", "Catégorie", "Category"),
    "min_age": ("Âge minimum", "Âge", "Dès", "Minimum age", "Age"),
    "access_mode": ("Comment on entre", "Entrée", "How one gets in"),
    "meeting_point": ("Point de rendez-vous", "Rendez-vous", "Meeting point"),
    "description": ("Description", "Présentation", "Résumé"),
    "structure": ("Structure",),
    "uid": ("Identifiant", "Référence", "Identifier", "UID"),
}
CHANNELS = {
    "sms": ("SMS", "Texto"),
    "email": ("Courriel", "E-mail", "Mail"),
    "call": ("Appel", "Téléphone", "Call", "Phone"),
    "desk": ("De vive voix", "In person"),
}
ACCESS_MODES = {
    "guest_list": ("Liste à l’entrée", "Liste", "Guest list"),
    "voucher": ("Contremarque", "Billet", "Voucher"),
    "desk": ("Retrait à la billetterie", "Billetterie", "At the ticket desk"),
}


def match(headers, columns):
    """Which column of a file fills what.

    :param headers: cells of the first line
    :param columns: :data:`PEOPLE` or :data:`PROGRAMME`
    :return: ``(dict of name to list of positions, list of headers not read)``
    """
    names = {key(word): name for name, words in columns.items() for word in words}
    # a name of ours wins over a word of another column
    names.update({key(name): name for name in columns})
    found, unread = {}, []
    for position, header in enumerate(headers):
        name = names.get(key(header))
        if name:
            found.setdefault(name, []).append(position)
        elif header.strip():
            unread.append(header)
    return found, unread


def template(columns):
    """The first line of the file to fill in.

    :param columns: :data:`PEOPLE` or :data:`PROGRAMME`
    :return: bytes of a CSV as the usual spreadsheets open it: a byte order mark, and
        semicolons, which a spreadsheet in French expects
    """
    header = ";".join(words[0] for words in columns.values())
    return f"\ufeff{header}\r\n".encode()
