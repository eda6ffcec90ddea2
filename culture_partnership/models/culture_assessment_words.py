"""The sentences among which one chooses, from the first to the fifth.

No figure is shown to anybody: who answers picks a sentence, and the charts place it.
"""

UNSAID = ("unsaid", "Prefers not to answer")
"""A choice of its own: neither the first sentence, nor a question left open."""


def scale(*sentences):
    """Choices of a question.

    :param sentences: five, from the first to the fifth
    :return: list of ``(code, sentence)``
    """
    return [*((str(n), words) for n, words in enumerate(sentences, 1)), UNSAID]


PERSON = {
    "social": scale(
        "I see hardly anybody but my family or the services.",
        "I know people, but we do few things together.",
        "I come to a group if somebody goes with me.",
        "I go towards others, I have seen people met on an outing again.",
        "I have ties that I keep up, and sometimes I invite somebody.",
    ),
    "mobility": scale(
        "I stay in my neighbourhood.",
        "I leave my neighbourhood for formalities only.",
        "I go further when somebody comes with me.",
        "I make the journeys that I know without help.",
        "I prepare my journeys and go where I want, in the evening too.",
    ),
    "confidence": scale(
        "I do not dare, I would rather have others choose for me.",
        "I have tastes, and find it hard to say them.",
        "I choose; a reminder helps me to come.",
        "I choose, I come, I tell if I cannot.",
        "I book or cancel without help, and talk about it around me.",
    ),
    "action": scale(
        "For now, I have no mind for projects.",
        "I feel like something, and do not know where to begin.",
        "I have taken up again something that matters to me.",
        "I am getting on with one or two things, with some support.",
        "I have several projects, and decide myself on what comes next.",
    ),
}
REFERENT = {
    "social": scale(
        "Sees hardly anybody outside family and services.",
        "Knows people, shares few activities with them.",
        "Comes to a group if accompanied.",
        "Goes towards others, sees people met on an outing again.",
        "Keeps up ties, invites somebody.",
    ),
    "mobility": scale(
        "Stays in the neighbourhood.",
        "Leaves it for formalities only.",
        "Goes further with somebody.",
        "Makes known journeys without help.",
        "Prepares journeys, goes out in the evening too.",
    ),
    "confidence": scale(
        "Does not dare to choose yet.",
        "Has tastes, says them with difficulty.",
        "Chooses; a reminder helps to come.",
        "Chooses, comes, tells if something comes up.",
        "Books or cancels without help, talks about it to others.",
    ),
    "action": scale(
        "No project for now.",
        "A wish, no first step yet.",
        "An activity or a formality taken up again.",
        "One or two things under way, with support.",
        "Several projects, on which the person decides.",
    ),
}
SEMESTER = {
    "moving": scale(
        "I have not taken part in an outing yet.",
        "I talk about it in interviews, without going.",
        "I have taken part in an outing.",
        "I have taken part in several outings, in another place than at the office.",
        "Going out with the persons is part of how I work.",
    ),
    "relation": scale(
        "Our talks are about formalities.",
        "Culture sometimes comes into the conversation.",
        "We talk about what we have seen.",
        "The person talks to me differently, of tastes, of wishes.",
        "The relation has changed, and it helps with the rest.",
    ),
    "building": scale(
        "I propose, the person accepts or not.",
        "I ask for an opinion before I propose.",
        "We choose the outings together.",
        "We write the goals together, in the person's words.",
        "The person proposes, the project starts from those ideas.",
    ),
}
