from . import test_access_table
from . import test_attacks
from . import test_registration
