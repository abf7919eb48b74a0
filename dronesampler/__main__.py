"""`python -m dronesampler` is the same as the `dronesampler` command."""

import sys

from dronesampler.cli import main

sys.exit(main())
