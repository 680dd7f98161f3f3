"""What tables of the corpora hold, typed by looking at the rendered pages."""

# ruff: noqa: E501, RUF001 a row of a table is best read on one line, with the signs it has

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """The cells of the nth table of a page, header first."""

    file: str
    page: int
    nth: int
    rows: tuple[tuple[str, ...], ...]


def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(c.strip() for c in row.split("|")) for row in text.strip().splitlines())


_THESE = "pdf-truth/2201.00029.pdf"
_KPC = "pdf-truth/2201.00151.pdf"
_AGES = "pdf-truth/2201.00201.pdf"
_APPLE = "pdf-filings/2023_Q2_AAPL.pdf"
_SOFT = "pdf-filings/2023_Q1_MSFT.pdf"

EXPECTED = (
    Expected(
        "pdf-mixed/all-number-table.pdf",
        1,
        0,
        _rows(
            """
            200.01 | 1
            400.01 | 3
            600.01 | 5
            800.01 | 7
            1000.01 | 9
            1200.01 | 11
            1400.01 | 13
            1600.01 | 15
            """
        ),
    ),
    Expected(
        _THESE,
        7,
        0,
        _rows(
            """
            Q7 Significant Data Points | Light Variability Frequency (µHz) | Corrected Flux Magnitude (ppm) | Period (days) | Signal-to-Noise (dB)
            Q7 First Iteration | 5.886 | -1.198 | 1.966 | 9.9
            Q7 Re-bin 1 | 5.886 | -1.477 | 1.966 | 12.8
            Q7 Re-bin 2 | 5.889 | 0.597 | 1.965 | 19.2
            """
        ),
    ),
    Expected(
        _THESE,
        7,
        1,
        _rows(
            """
            Q13 Significant Data Points | Light Variability Frequency (µHz) | Corrected Flux Magnitude (ppm) | Period (days) | Signal-to-Noise (dB)
            Q13 First Iteration | 5.784 | 1.555 | 2.001 | 15.6
            Q13 Re-bin 1 | 5.784 | 2.873 | 2.001 | 17.7
            Q13 Re-bin 2 | 5.787 | 4.938 | 2.000 | 22.6
            Q13 Re-bin 3 | 5.787 | 6.909 | 2.000 | 26.3
            Q13 Re-bin 3 | 11.641 | 7.073 | 0.994 | 26.4
            Q13 Re-bin 3 | 16.823 | 2.299 | 0.688 | 24.1
            """
        ),
    ),
    Expected(
        _THESE,
        9,
        0,
        _rows(
            """
            First Iteration (µHz) | First Re-bin (µHz) | Second Re-bin (µHz) | Third Re-bin (µHz)
            3.094 | 2.018 | 2.019 | 1.951
            5.784 | 3.094 | 3.095 | 2.019
            9.080 | 5.784 | 5.787 | 2.442
            13.519 | 7.667 | 7.671 | 2.759
            15.671 | 9.080 | 9.084 | 3.095
            16.209 | 11.165 | 11.641 | 3.634
            16.411 | 13.519 | 13.526 | 4.374
             | 15.469 | 15.477 | 4.778
             | 15.671 | 15.679 | 4.912
             | 16.209 | 15.881 | 5.047
             | 16.411 | 16.419 | 5.787
             | | | 8.479
             | | | 9.084
             | | | 10.565
             | | | 11.641
             | | | 13.526
             | | | 15.544
             | | | 15.881
             | | | 16.823
            """
        ),
    ),
    Expected(
        _KPC,
        2,
        0,
        _rows(
            """
            Property | Value
            Subhalo ID | 16960
            Number of stellar particles (N⋆) | 70446
            Number of dark matter particles (NDM) | 78448
            Stellar mass (M⋆) | 5.74 × 1010 M⊙
            Dark matter mass (MDM) | 4.91 × 1011 M⊙
            Mean mass of stellar particles | 815808 M⊙
            Stellar half-mass radius | 9.99 kpc
            Stellar half-number radius (r1/2) | 9.6 kpc
            Axis ratio c/a within r1/2 | 0.907
            Axis ratio b/a within r1/2 | 0.949
            Triaxiality | 0.56
            """
        ),
    ),
    Expected(
        _KPC,
        9,
        0,
        _rows(
            """
            Property | ALL | POP I | POP II
            Number of stars (Nphot) | 65 797 | 14 882 | 49 205
            Number of stars (Nspec) | 3286 | 1136 | 1151
            Stars within 1.8 kpc | 3268 | 1134 | 1130
            Fitted normalization (N0) [×104] | 6.95 | 1.81 | 5.45
            Sérsic radius (RS) [kpc] | 0.454 | 0.429 | 0.420
            Sérsic parameter (m) | 0.808 | 0.807 | 0.898
            """
        ),
    ),
    Expected(
        _AGES,
        8,
        0,
        _rows(
            """
            Sp. type | relation | a0 | a1 | a2
             | center | 10.78 | -2.660 | 0.5953
            O-rich | lower edge | 10.46 | -2.818 | 0.6578
             | upper edge | 10.54 | -0.8187 | -0.2335
             | center | 9.755 | -0.7532 |
            C-rich | lower edge | 9.982 | -1.698 |
             | upper edge | 8.498 | -1.827 | -0.9959
            """
        ),
    ),
    Expected(
        _AGES,
        8,
        1,
        _rows(
            """
            Sp. type | relation | b0 | b1 | b2
             | center | -0.2790 | 0.8958 | -0.1828
            O-rich | lower edge | -0.1772 | 0.9975 | -0.2203
             | upper edge | -0.1740 | 0.2783 | 0.8247
             | center | -0.0304 | 0.2885 |
            C-rich | lower edge | -0.0131 | 0.5752 |
             | upper edge | -0.2245 | -0.2720 | 0.2343
            """
        ),
    ),
    Expected(
        _APPLE,
        4,
        0,
        _rows(
            """
             | Three Months Ended April 1, 2023 | March 26, 2022 | Six Months Ended April 1, 2023 | March 26, 2022
            Net sales: | | | |
            Products | $73,929 | $77,457 | $170,317 | $181,886
            Services | 20,907 | 19,821 | 41,673 | 39,337
            Total net sales | 94,836 | 97,278 | 211,990 | 221,223
            Cost of sales: | | | |
            Products | 46,795 | 49,290 | 107,560 | 113,599
            Services | 6,065 | 5,429 | 12,122 | 10,822
            Total cost of sales | 52,860 | 54,719 | 119,682 | 124,421
            Gross margin | 41,976 | 42,559 | 92,308 | 96,802
            Operating expenses: | | | |
            Research and development | 7,457 | 6,387 | 15,166 | 12,693
            Selling, general and administrative | 6,201 | 6,193 | 12,808 | 12,642
            Total operating expenses | 13,658 | 12,580 | 27,974 | 25,335
            Operating income | 28,318 | 29,979 | 64,334 | 71,467
            Other income/(expense), net | 64 | 160 | (329) | (87)
            Income before provision for income taxes | 28,382 | 30,139 | 64,005 | 71,380
            Provision for income taxes | 4,222 | 5,129 | 9,847 | 11,740
            Net income | $24,160 | $25,010 | $54,158 | $59,640
            Earnings per share: | | | |
            Basic | $1.53 | $1.54 | $3.42 | $3.65
            Diluted | $1.52 | $1.52 | $3.41 | $3.62
            Shares used in computing earnings per share: | | | |
            Basic | 15,787,154 | 16,278,802 | 15,839,939 | 16,335,263
            Diluted | 15,847,050 | 16,403,316 | 15,901,384 | 16,461,304
            """
        ),
    ),
    Expected(
        _SOFT,
        3,
        0,
        _rows(
            """
            (In millions, except per share amounts) (Unaudited) | Three Months Ended December 31, 2022 | 2021 | Six Months Ended December 31, 2022 | 2021
            Revenue: | | | |
            Product | $16,517 | $20,779 | $32,258 | $37,410
            Service and other | 36,230 | 30,949 | 70,611 | 59,635
            Total revenue | 52,747 | 51,728 | 102,869 | 97,045
            Cost of revenue: | | | |
            Product | 5,690 | 6,331 | 9,992 | 10,123
            Service and other | 11,798 | 10,629 | 22,948 | 20,483
            Total cost of revenue | 17,488 | 16,960 | 32,940 | 30,606
            Gross margin | 35,259 | 34,768 | 69,929 | 66,439
            Research and development | 6,844 | 5,758 | 13,472 | 11,357
            Sales and marketing | 5,679 | 5,379 | 10,805 | 9,926
            General and administrative | 2,337 | 1,384 | 3,735 | 2,671
            Operating income | 20,399 | 22,247 | 41,917 | 42,485
            Other income (expense), net | (60) | 268 | (6) | 554
            Income before income taxes | 20,339 | 22,515 | 41,911 | 43,039
            Provision for income taxes | 3,914 | 3,750 | 7,930 | 3,769
            Net income | $16,425 | $18,765 | $33,981 | $39,270
            Earnings per share: | | | |
            Basic | $2.20 | $2.50 | $4.56 | $5.23
            Diluted | $2.20 | $2.48 | $4.54 | $5.19
            Weighted average shares outstanding: | | | |
            Basic | 7,451 | 7,505 | 7,454 | 7,509
            Diluted | 7,473 | 7,555 | 7,479 | 7,561
            """
        ),
    ),
    Expected(
        _SOFT,
        12,
        0,
        _rows(
            """
            (In millions) | Three Months Ended December 31, 2022 | 2021 | Six Months Ended December 31, 2022 | 2021
            Net realized gains (losses) on investments sold | $(8) | $31 | $75 | $68
            Net unrealized gains (losses) on investments still held | (7) | 268 | (35) | 593
            Impairments of investments | (9) | 0 | (16) | 0
            Total | $(24) | $299 | $24 | $661
            """
        ),
    ),
    Expected(
        _SOFT,
        12,
        1,
        _rows(
            """
            (In millions) | Fair Value Level | Adjusted Cost Basis | Unrealized Gains | Unrealized Losses | Recorded Basis | Cash and Cash Equivalents | Short-term Investments | Equity Investments
            December 31, 2022 | | | | | | | |
            Changes in Fair Value Recorded in Other Comprehensive Income | | | | | | | |
            Commercial paper | Level 2 | $6,423 | $0 | $0 | $6,423 | $3,307 | $3,116 | $0
            Certificates of deposit | Level 2 | 2,694 | 0 | 0 | 2,694 | 2,250 | 444 | 0
            U.S. government securities | Level 1 | 67,941 | 0 | (3,963) | 63,978 | 1,029 | 62,949 | 0
            U.S. agency securities | Level 2 | 5,525 | 0 | (6) | 5,519 | 674 | 4,845 | 0
            Foreign government bonds | Level 2 | 491 | 1 | (27) | 465 | 0 | 465 | 0
            Mortgage- and asset-backed securities | Level 2 | 883 | 1 | (43) | 841 | 0 | 841 | 0
            Corporate notes and bonds | Level 2 | 11,310 | 8 | (676) | 10,642 | 0 | 10,642 | 0
            Corporate notes and bonds | Level 3 | 88 | 1 | 0 | 89 | 0 | 89 | 0
            Municipal securities | Level 2 | 370 | 8 | (17) | 361 | 0 | 361 | 0
            Municipal securities | Level 3 | 104 | 0 | (7) | 97 | 0 | 97 | 0
            Total debt investments | | $95,829 | $19 | $(4,739) | $91,109 | $7,260 | $83,849 | $0
            Changes in Fair Value Recorded in Net Income | | | | | | | |
            Equity investments | Level 1 | | | | $1,521 | $1,082 | $0 | $439
            Equity investments | Other | | | | 6,658 | 0 | 0 | 6,658
            Total equity investments | | | | | $8,179 | $1,082 | $0 | $7,097
            Cash | | | | | $7,304 | $7,304 | $0 | $0
            Derivatives, net (a) | | | | | 13 | 0 | 13 | 0
            Total | | | | | $106,605 | $15,646 | $83,862 | $7,097
            """
        ),
    ),
)
