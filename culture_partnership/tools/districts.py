"""Districts: an arrondissement in the three towns that have some, else the town."""

import re
import unicodedata

ARRONDISSEMENTS = {
    "750": ("Paris", 20),
    "751": ("Paris", 20),
    "690": ("Lyon", 9),
    "130": ("Marseille", 16),
}
"""Town, and how many it has, by the first digits of a postcode. 131xx is not Marseille;
75116 is in Paris's 16th as 75016 is."""

DELIVERY = re.compile(r"\bcedex\b.*")
NUMBER = re.compile(r"\b\d+\s*(er|e|eme)?\b")


def district(contact):
    """Where a contact is, to be compared with where another is.

    :param contact: ``res.partner``
    :return: a value equal for the same district, None when it is not known
    """
    return of_address(contact.zip, contact.city)


def of_address(postcode, town):
    """The same of a postcode and a town, as they were typed.

    :param postcode: text or False
    :param town: text or False
    :return: as :func:`district`
    """
    code = re.sub(r"\s", "", postcode or "")
    name, most = ARRONDISSEMENTS.get(code[:3], ("", 0))
    number = code[3:]
    if len(code) == 5 and number.isdigit() and 1 <= int(number) <= most:
        return name, int(number)
    return plain_town(town) or code or None


def plain_town(town):
    """A town's name without what two people write differently.

    :param town: text or False
    :return: text, empty for none
    """
    text = unicodedata.normalize("NFKD", (town or "").casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = re.sub(r"[^a-z0-9]+", " ", text)
    text = NUMBER.sub("", DELIVERY.sub("", text))
    return re.sub(r"^st(e?) ", r"saint\1 ", text.strip()).strip()
