from . import test_access_table
from . import test_attacks
from . import test_beneficiary
from . import test_first_steps
from . import test_outing
from . import test_quiet_log
from . import test_registration
from . import test_tours
