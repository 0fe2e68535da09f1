# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from streamcell import ClockworkCell, DepthGatedLSTMCells, LSTMVariantCell, MutCell

WHOLE_NUMBER = "likely cause: a number computed with / instead of //, or an argument in the wrong place"
CHOICE = "likely cause: a misspelt name, or a number in place of a text"


@pytest.mark.parametrize(
    "make, message",
    [
        (
            lambda: LSTMVariantCell(4, "peephole"),
            "LSTMVariantCell: variant must be one of 'V', 'NIG', 'NFG', 'NOG', 'NIAF', 'NOAF', 'NP', 'CIFG', 'FGR', "
            f"got 'peephole'; {CHOICE}",
        ),
        (lambda: MutCell(4, "MUT1"), f"MutCell: variant must be one of 1, 2, 3, got 'MUT1'; {CHOICE}"),
        (lambda: MutCell(0), f"MutCell: units must be a whole number of at least 1, got 0; {WHOLE_NUMBER}"),
        (
            lambda: LSTMVariantCell(7 / 2),
            f"LSTMVariantCell: units must be a whole number of at least 1, got 3.5; {WHOLE_NUMBER}",
        ),
        (
            lambda: DepthGatedLSTMCells(4, 0),
            f"DepthGatedLSTMCells: depth must be a whole number of at least 1, got 0; {WHOLE_NUMBER}",
        ),
        (
            lambda: ClockworkCell(4, [0, 2]),
            f"ClockworkCell: periods[0] must be a whole number of at least 1, got 0; {WHOLE_NUMBER}",
        ),
        (
            lambda: ClockworkCell(4, 4),
            "ClockworkCell: periods must be a list of whole numbers, got 4; "
            "likely cause: the number of modules in place of their periods",
        ),
        (
            lambda: ClockworkCell(4, [8, 4]),
            "ClockworkCell: periods must ascend, each above the one before, got [8, 4]; "
            "likely cause: periods listed from slow to fast, or one listed twice",
        ),
        (
            lambda: ClockworkCell(2, [1, 2, 4]),
            "ClockworkCell: there must be from 1 to units = 2 periods, so that each has a unit, got 3: [1, 2, 4]; "
            "likely cause: an empty list, or units counted per module instead of in all",
        ),
        (
            lambda: ClockworkCell(2, []),
            "ClockworkCell: there must be from 1 to units = 2 periods, so that each has a unit, got 0: []; "
            "likely cause: an empty list, or units counted per module instead of in all",
        ),
        (
            lambda: ClockworkCell(8, dtype="mixed_bfloat16"),
            "ClockworkCell: must compute in float32 or float64, got bfloat16, whose whole numbers end too soon to "
            "count timesteps; likely cause: a global mixed precision policy. Give the cell and its RNN layer dtype='float32'",
        ),
        (
            lambda: MutCell(4).build((None, None)),
            "MutCell: the number of features must be known, got inputs of shape (None, None); "
            "likely cause: an Input whose last dimension is None",
        ),
    ],
)
def test_a_bad_setting_is_refused_with_what_must_hold_what_was_found_and_the_likely_cause(make, message):
    with pytest.raises(ValueError, match="^" + re.escape(message) + "$"):
        make()
