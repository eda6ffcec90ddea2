"""Numbers as the short end of a link: nothing in it looks like something else."""

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz"
"""Digits and letters but 0, 1, I, O, l and o: links are also typed from paper."""

BASE = len(ALPHABET)


def to_text(number, width=1):
    """Write a number.

    :param number: whole number, 0 or more
    :param width: of the text at least
    :return: text of letters and digits
    """
    digits = []
    while number:
        number, digit = divmod(number, BASE)
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits)).rjust(width, ALPHABET[0])


def to_number(text):
    """Read a number back.

    :param text: of :data:`ALPHABET` only
    :return: whole number, None when it is no such text
    """
    number = 0
    for char in text:
        digit = ALPHABET.find(char)
        if digit < 0:
            return None
        number = number * BASE + digit
    return number
