"""Several who act at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from conftest import RpcError


def storm(acts):
    """Run all acts at the same moment.

    :return: list of results; refusals as the exceptions themselves
    """
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except RpcError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
