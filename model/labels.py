"""Names of the axes of every named value, in the order of their arrays.

An array with dims ``phase region`` has shape ``(len(PHASES), len(REGIONS))``. Regulators follow the order of the
regions that they serve, so one index addresses both.
"""

from __future__ import annotations

REGIONS = ("US", "EU", "UK", "CH", "JP", "CN", "KR", "CA", "AU", "ROW")
US, CN = REGIONS.index("US"), REGIONS.index("CN")
REGULATORS = ("FDA", "EMA", "MHRA", "Swissmedic", "PMDA", "NMPA", "MFDS", "HealthCanada", "TGA", "ROW")

AREAS = (
    "oncology", "haematology", "cardiovascular", "metabolic_endocrine", "neurology", "psychiatry",
    "infectious_disease", "vaccines", "autoimmune_immunology", "respiratory", "gastroenterology", "ophthalmology",
    "urology_renal", "dermatology", "rare_genetic", "other_pain_msk_womens",
)  # fmt: skip

MODALITIES = (
    "small_molecule", "peptide", "recombinant_protein", "mab", "bispecific", "adc", "vaccine", "gene_therapy",
    "cell_therapy", "oligonucleotide", "mrna", "radioligand", "other",
)  # fmt: skip

PHASES = ("preclinical", "phase1", "phase2", "phase3", "filed")
STATES = (*PHASES, "marketed")
PRECLINICAL, PHASE1, PHASE2, PHASE3, FILED, MARKETED = range(len(STATES))
BIOTECH, PHARMA = range(2)  # kind of a firm
LOCAL, REGIONAL, GLOBAL = range(3)  # scope of a firm
APPROVED, LAUNCHED, RECALLED, LICENSED, BOUGHT, CLOSED = range(1, 7)  # kind of an event
REGION_SHIFT = 24
"""Bits of an ordinal: the identity of a firm is packed from its region and how many were founded there before."""

PAYERS = (
    "US_commercial_A", "US_commercial_B", "US_commercial_C", "US_commercial_D", "US_commercial_E",
    "US_Medicare", "US_Medicaid", "US_other",
    "EU_DE", "EU_FR", "EU_IT", "EU_ES", "EU_PL", "EU_NL", "EU_BE", "EU_AT", "EU_SE", "EU_EL", "EU_PT", "EU_RO",
    "EU_CZ", "EU_HU", "EU_DK", "EU_FI", "EU_IE", "EU_BG", "EU_SK", "EU_HR", "EU_SI", "EU_LT", "EU_LV", "EU_EE",
    "EU_CY", "EU_LU", "EU_MT",
    "UK_NHS", "CH_BAG", "JP_NHI", "CN_NRDL", "CN_selfpay", "KR_NHIS",
    "CA_public", "CA_private", "CA_selfpay", "AU_PBS", "AU_selfpay", "ROW_selfpay", "ROW_public",
)  # fmt: skip

EXCLUSIVITY_CLASSES = ("small_molecule", "biologic", "vaccine", "cell_gene")
SEGMENTS = ("specialty", "primary_care")
STAGES = ("discovery", "preclinical", "phase1", "phase2", "phase3", "approved")
AI_FUNCTIONS = (
    "discovery", "protocol_writing", "data_analysis", "medical_writing", "translation", "regulatory_documents",
    "due_diligence", "pharmacovigilance",
)  # fmt: skip


def _pairs(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{a}-{b}" for i, a in enumerate(labels) for b in labels[i + 1 :])


REGION_PAIRS = _pairs(REGIONS)
REGULATOR_PAIRS = _pairs(REGULATORS)

#: Axes of the families: one label per element. Pair axes list the upper triangle; their arrays are full squares.
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "region": REGIONS,
    "regulator": REGULATORS,
    "payer": PAYERS,
    "area": AREAS,
    "modality": MODALITIES,
    "phase": PHASES,
    "pair": REGION_PAIRS,
    "regulator_pair": REGULATOR_PAIRS,
    "ai_function": AI_FUNCTIONS,
    "exclusivity_class": EXCLUSIVITY_CLASSES,
    "segment": SEGMENTS,
    "stage": STAGES,
}

#: Pair axes and the plain axis that they square.
SQUARES = {"pair": "region", "regulator_pair": "regulator"}


def canonical_pair(label: str, dimension: str) -> str:
    """``CN-US`` as ``US-CN``: a pair has no direction. A label that is no pair comes back unchanged."""
    first, _, second = label.partition("-")
    swapped = f"{second}-{first}"
    return swapped if swapped in DIMENSIONS[dimension] else label
