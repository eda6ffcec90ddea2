"""What of a file is looked at before it is kept."""

import base64

PDF_START = b"%PDF-"


def pdf_problem(content, most_bytes):
    """Why a file is not kept.

    :param content: base64 bytes, as the host's binary fields hold them
    :param most_bytes: size bound
    :return: "size", "kind", or None when the file is a PDF of an acceptable size
    """
    # four characters stand for three bytes: an oversized file is not decoded
    if len(content) * 3 // 4 > most_bytes + 2:
        return "size"
    start = base64.b64decode(content[:8])
    return None if start.startswith(PDF_START) else "kind"
