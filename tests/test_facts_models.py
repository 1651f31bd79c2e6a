"""Texts on the design and on the order of allocation -> what they say, in wordings that the checks' examples do not have."""

from datetime import date
from functools import cache

import pytest

from audit.engine import facts as _facts  # noqa: F401 - fills the facts
from audit.engine.reading import Reading
from audit.engine.vocabulary import Vocabulary, load_vocabulary
from audit.folders import folder
from audit.readers.draft import registration


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(folder("checks") / "vocabulary")


def fact(name, **record):
    return Reading(registration(record), vocabulary(), date(2026, 6, 11)).fact(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Patients are assigned to groups based on odd and even days of the week.", True),
        ("Allocation of patients is done based on the patients' arrival to the clinic, one in between.", True),
        ("Odd patients are placed in intervention group and even patients in control group.", True),
        (
            "Sampling is done alternately, so that the first patient is placed in the intervention group and the next one in the control group.",
            True,
        ),
        (
            "The randomization is based on the patient's hospital record number: even numbers to group A, odd numbers to group B.",
            True,
        ),
        ("According to the date of birth, patients are divided into two groups.", True),
        ("The first 40 people enter the intervention group and the next 40 people enter the control group.", True),
        ("Participants will be allocated to two groups in the order of their referral.", True),
        ("Every other patient will receive the drug and others will be in the control group.", True),
        ("The patients admitted on even days will be in group 1 and those admitted on odd days in group 2.", True),
        ("Individuals will be placed in one of two groups by turns according to their entrance time.", True),
        ("Patients were divided randomly (every second patient) into experimental and control groups", True),
        ("Simple random allocation; patients with even national code digits go to the case group", True),
        ("Randomization by week: in one week all patients are given drug A and in the next week drug B", True),
        ("Random number table will be used: even numbers for the intervention and odd numbers for the control", False),
        (
            "Participants are assigned by simple randomization with a coin; the first patient is assigned to whichever side is up",
            False,
        ),
        (
            "Block randomization with block size 4 and a ratio of 1:1; the order of entry of participants determines the use of the list",
            False,
        ),
        ("By random allocation software, each patient gets a code, and enters the study in order of referral", False),
        ("We roll a die: odd numbers group A, even numbers group B", False),
        ("Randomization is stratified according to age, sex and date of admission by a web-based system", False),
        ("The alternative hypothesis is tested after randomization using a table of random numbers", False),
        ("Using sealed envelopes which are opened on the day of surgery", False),
        (
            "Patients will be divided into two groups randomly, and on odd days the drug is injected with a dose of 10 mg by envelopes",
            False,
        ),
        ("Simple randomization. Each patient is randomly assigned to a group independent of file number.", False),
        ("Patients will be assigned randomly to two groups. Evenly distributed.", False),
        (
            "Randomization was done using sequential numbers: patients with odd numbers in the drug list were in group A and even in B",
            True,
        ),
        ("patients were allocated to groups based on the day of referral", True),
        ("Sampling continued alternately in two groups until the sample was completed", True),
        ("Patients will be divided into two groups based on their medical record number", True),
        ("based on the order of entry, one by one in the control and intervention group", True),
        ("The participants will be divided to two groups based on doctor's decision", True),
        ("randomly, the first 25 patients in control group and second 25 in intervention", True),
        ("patients who are referred in the morning are in group A and in the evening in group B", True),
        ("Saturday, Monday and Wednesday group 1; Sunday, Tuesday and Thursday group 2", True),
        ("Quasi-random allocation by alternate days", True),
        ("Random allocation: the numbers 1 to 60 are written on papers; odd ones are drug", False),
        (
            "Using the online software at randomization.com, patients are placed in intervention and control groups in the order of arrival",
            False,
        ),
        (
            "Balanced block randomization. Blocks are AABB, ABAB. Then each day patients enter the groups according to their turn",
            False,
        ),
        ("Randomization by minimization based on age, sex and admission date", False),
        ("Stratified block random allocation based on birth order", False),
        ("Participants choose one of two cards", False),
        ("Randomization takes place on the day of surgery, by central telephone", False),
        (
            "After randomization, the visits take place on days of the week that the patient prefers. The allocation is by software",
            False,
        ),
        (
            "Patients are given a number based on entry; the numbers are then entered in SPSS and randomly assigned to two groups",
            False,
        ),
        ("Simple randomization (Rand Between) using Excel and patients' file number is hidden", False),
        ("patients will be randomized according to a table of random numbers; last digit used", False),
        ("A computer generated sequence with odd and even codes", False),
        ("The alternate allocation sequence is kept by pharmacist using software", False),
        ("patients will be randomly allocated according to the order of their inclusion to the computer list", False),
        ("Evenly randomized by blocks", False),
        ("Based on a random table, the starting day is chosen", False),
        ("The anesthesiologist's choice of drug is not allowed; the table of random numbers decides", False),
        ("Randomization stratified by birth weight with envelopes", False),
        ("the randomization code will be broken by date of last visit; list by SAS", False),
    ],
)
def test_predictable_allocation_1(text, said):
    found = fact(
        "predictable_allocation",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("بیماران به صورت یک در میان در گروه مداخله و کنترل قرار می گیرند", True),
        ("با استفاده از جدول اعداد تصادفی، اعداد زوج گروه مداخله و فرد گروه کنترل", False),
        ("بر اساس شماره پرونده زوج و فرد به دو گروه تقسیم می شوند", True),
        ("بر اساس ترتیب مراجعه بیماران در دو گروه قرار می گیرند", True),
        ("پاکت های در بسته و نرم افزار", False),
    ],
)
def test_predictable_allocation_2(text, said):
    found = fact(
        "predictable_allocation",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Patients are randomly assigned to two groups by blocks. On the day of surgery, patients of the intervention group get the drug.",
            False,
        ),
        ("The study will be done in odd days of the clinic in both groups, who are divided by software", False),
        (
            "Group A will have sessions on Saturday and Monday, and group B on Sunday and Tuesday; randomly divided with envelopes",
            False,
        ),
        ("First 5 patients are a pilot", False),
    ],
)
def test_predictable_allocation_3(text, said):
    found = fact(
        "predictable_allocation",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description="Simple randomisation of the patients in the study",
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Patients will be selected by simple random sampling", True),
        ("The samples were chosen randomly from among the patients referred to the clinic", True),
        ("sampling method is convenience and continuous", True),
        ("Available sampling among hospitalized patients", True),
        ("random selection of eligible people", True),
        ("random selection of cards", False),
        ("Simple random sampling and then random assignment", False),
        ("Patients are randomly selected and put in two arms", False),
        ("randomly selected to receive drug or placebo", False),
        ("selected by lottery", False),
        ("Simple random", False),
        ("Random sampling is used", True),
        ("Accessible sampling with purposeful method", True),
        ("Permuted", False),
        ("selection randomly through the available patients list", False),
    ],
)
def test_selection_instead_of_allocation_1(text, said):
    found = fact(
        "selection_instead_of_allocation",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("نمونه گیری در دسترس خواهد بود و بیماران واجد شرایط وارد می شوند", True),
        ("نمونه گیری تصادفی ساده و سپس تخصیص در دو گروه", False),
    ],
)
def test_selection_instead_of_allocation_2(text, said):
    found = fact(
        "selection_instead_of_allocation",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The principal investigator will randomize the patients using envelopes", True),
        ("Randomization was performed by the researcher using a coin", True),
        ("the treating physician draws one card for each patient and assigns the patient", True),
        ("allocation will be done by the main researcher", True),
        ("One of the nurses of the ward opens the envelope and determines the group", True),
        ("Randomization is done by a researcher who is not involved in treatment", False),
        ("The researcher will not be aware of the allocation; the secretary opens the envelopes", False),
        ("A methodologist generated the list and a nurse gives the drug", False),
        ("The physician will assess the outcome", False),
        ("Randomization was done by a third party and the physician assigned to care is blind", False),
        (
            "Randomization and concealment will be performed by an independent statistician; the surgeon will receive the syringe",
            False,
        ),
        ("The nurse assigned to the ward will give the drugs in numbered packs", False),
        ("The physician will be given sealed packets. Assignment is made by computer", False),
        ("Random allocation of patients will be done by the therapist herself with lottery", True),
        ("An investigator assigns the patients by throwing dice", True),
        ("The researcher divides patients into two groups by random number table", True),
        ("allocation sequence was generated by the researcher and kept by a colleague", False),
        ("The researcher places the device on the hand of the patients", False),
        ("The specialist doctor divides the tablets in two halves", False),
    ],
)
def test_allocation_in_own_hands_1(text, said):
    found = fact(
        "allocation_in_own_hands",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        blinding="Double blinded",
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("By toss of coin performed by the main investigator", True),
        ("Patients will be assigned by the surgeon using envelopes", True),
        ("randomization will be done by the research team member who is unaware", False),
        (
            "the nurse will open the envelope containing the drug name, prepare the syringe and give it to the physician who is blinded",
            False,
        ),
    ],
)
def test_allocation_in_own_hands_2(text, said):
    found = fact(
        "allocation_in_own_hands",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        blinding="Triple blinded",
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Patients were randomly assigned in a 1:1 ratio", True),
        ("The allocation ratio is 1:1:1", False),
        ("randomly allocated (1 : 1) to arms", True),
        ("2:1:1 allocation ratio", False),
        ("randomization ratio of one to one", True),
        ("allocated by matching 1:1 for age", False),
        ("Lidocaine 1:100000 epinephrine; random assignment", False),
        ("Randomly 1:1:1:1", True),
        ("randomized 1:1 to receive drug or placebo", True),
        ("Ratio 1:2 intervention to control", False),
        ("Randomization 1:1:1", False),
        ("by a ratio of 1 to 1 to 1", False),
        ("50:50 ratio random", False),
        ("Randomly divided at 1/1 ratio", True),
        ("The drug was mixed in 1:1 ratio with cream and patients randomly assigned", False),
        ("male to female ratio 1:1 and random allocation", False),
        ("1 to 2 hours after random assignment", False),
        ("Randomized by visual analog scale 1 to 5", False),
    ],
)
def test_ratio_unlike_groups_1(text, said):
    found = fact(
        "ratio_unlike_groups",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Group A: a", "Group B: b", "Group C: c"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Randomized in a 3:1 ratio", False),
        ("allocation 1:1 in two strata", False),
        ("random 2:3", False),
        ("The ratio of allocation of samples to groups is equal to one to one", False),
        ("Randomised 1:1:1", True),
        ("The ratio of allocation of samples to three groups is 1:1:1", True),
        ("1:1:1:1 random allocation", True),
    ],
)
def test_ratio_unlike_groups_2(text, said):
    found = fact(
        "ratio_unlike_groups",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This is a randomized crossover trial", True),
        ("In the second phase, after a washout of two weeks, the groups are swapped", True),
        ("randomized, cross over, double blind clinical trial", True),
        ("After 4 weeks, the two groups will be changed with each other after two weeks of wash out", True),
        ("Patients who took drug A will then take drug B and vice versa after a 1-month washout period", True),
        ("A clinical trial of crossover type", True),
        ("AB/BA crossover design", True),
        ("Patients in the control group may cross over to intervention after 6 months", False),
        ("No crossover between arms is allowed", False),
        ("Participants should have a washout period of 4 weeks from previous treatment before enrollment", False),
        ("To avoid crossover of information between patients", False),
        ("Contamination and crossover between groups will be recorded", False),
        ("The crossover test of the knee", False),
        ("After stopping supplements, a 2-week wash-out will be done for both groups before the study begins", False),
        ("after 2 weeks run-in washout, both groups receive the capsule", False),
    ],
)
def test_crossover_unlike_assignment_1(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Group A: a", "Group B: b"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("In the sport laboratory; subjects attend two sessions", False),
    ],
)
def test_crossover_unlike_assignment_2(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Crossover",
        arms=["Group 1: first coffee and one week later tea"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Candidates for hysterectomy are divided into two groups", True),
    ],
)
def test_crossover_unlike_assignment_3(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Crossover",
        arms=["Intervention group: fentanyl 50 mcg", "Control group: saline"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Parallel, not cross-over, randomized", False),
        ("parallel or crossover design is not decided", False),
        ("cross-over prevention by separate rooms", False),
        ("Patients crossing over to the other arm will be analyzed by intention to treat", False),
        ("The groups will change places after a week and receive the other drug", True),
        ("The drug will be replaced by placebo in the control group", False),
        ("If hypotension occurs the treatment will be switched to the other drug", False),
        ("After the end of study, control group will receive the intervention for ethical reasons", False),
        ("a double-blind, crossover, placebo controlled study", True),
        ("Treatments were exchanged after 14 days", True),
        ("The dressing is changed every day in both groups", False),
        ("positions of the patients are changed every two hours", False),
        ("washout of mouth by saline then second dose", False),
        ("In case of failure, patients crossed over to the surgical group", False),
        ("3-period crossover", True),
    ],
)
def test_crossover_unlike_assignment_4(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Group A: a", "Group B: b"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("کارآزمایی بالینی متقاطع دو سو کور", True),
        ("کارآزمایی بالینی موازی دو سو کور", False),
    ],
)
def test_crossover_unlike_assignment_5(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This is a randomized clinical trial in which patients act as their own controls", False),
        ("Participants who had been randomized in the original crossover trial", False),
        ("It is a cross- over clinical trial", True),
        ("This cross over trial", True),
    ],
)
def test_crossover_unlike_assignment_6(text, said):
    found = fact(
        "crossover_unlike_assignment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This study has no control group", True),
        ("a single-arm clinical trial", True),
        ("before and after clinical trial without control group", True),
        ("open-label, single arm, phase II", False),
        ("Patients with uncontrolled hypertension in two groups", False),
        ("trial with control group", False),
        ("without control of the sugar", False),
        ("One arm receives laser and the other sham", False),
        ("single group assignment study", True),
    ],
)
def test_comparison_contradicted_1(text, said):
    found = fact(
        "comparison_contradicted",
        assignment="Parallel",
        randomization="Randomized",
        arms=["Intervention group: laser", "Control group: sham laser"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Comparison of laser and cream in scars", True),
        ("Effect of laser on scars", False),
        ("Effect of laser in comparison with cream in scars", True),
        ("Comparing pain before and after laser", False),
        ("Laser vs. cream", True),
        ("Comparison of lipid profile at baseline and after six weeks of exercise", False),
        ("Efficacy of ruxolitinib in acute graft-versus-host disease", False),
        ("Comparison of two doses of vitamin D in children", False),
    ],
)
def test_comparison_contradicted_2(text, said):
    found = fact("comparison_contradicted", assignment="Single", arms=["Laser is done weekly"], scientific_title=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Comparison of the effect of two methods of education", True),
        ("Comparative study of honey versus sugar", True),
        ("A comparison of pre and post intervention pain", False),
        ("Comparison of pain in patients before and after surgery", False),
        ("Effect of vitamin D compared to placebo on fatigue", True),
        ("Comparing the accuracy of ultrasound with MRI", False),
        ("Comparison of the lesions treated with laser and untreated lesions of the same patients", True),
    ],
)
def test_comparison_contradicted_3(text, said):
    found = fact("comparison_contradicted", assignment="Single", arms=["Something is given for two weeks"], scientific_title=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("There isn't a control group", True),
        ("No control group due to ethical reasons", True),
        ("without any control group", True),
        ("control group will not receive anything", False),
        ("group without control of diet", False),
        ("There was no comparison group in earlier trials", False),
        ("A control group and an intervention group, no placebo group", False),
    ],
)
def test_comparison_contradicted_4(text, said):
    found = fact(
        "comparison_contradicted",
        assignment="Parallel",
        randomization="Randomized",
        arms=["Intervention group: laser", "Control group: sham laser"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("کارآزمایی بالینی بدون گروه کنترل", True),
    ],
)
def test_comparison_contradicted_5(text, said):
    found = fact(
        "comparison_contradicted",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("مقایسه اثر ورزش و دارو بر درد", True),
        ("مقایسه درد قبل و بعد از ورزش", False),
    ],
)
def test_comparison_contradicted_6(text, said):
    found = fact("comparison_contradicted", assignment="Single", arms=["ورزش"], scientific_title=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This cross-sectional clinical trial", True),
        ("This study is a descriptive cross sectional study", True),
        ("a prospective cohort of 40 patients will receive", False),
        ("A case control study with two groups", True),
        ("in this retrospective study the files", True),
        ("We compared with data from a retrospective cohort", False),
        ("cross-sectional CT images", False),
        ("Non-observational interventional study", False),
        ("A cohort of patients from the Persian Cohort study", False),
        ("randomised trial nested in a cohort study", False),
        ("Double blind case-control study", True),
        ("retrospective and prospective study", True),
        ("The present study is a prospective analytical cohort", False),
        ("Interventional (clinical trial), case-control type", False),
        ("a semi-experimental cross sectional trial", True),
        ("Historical cohort study will be the control", False),
        ("data of our cohort study showed", False),
        ("Descriptive-analytical study", True),
        ("This observational-analytical study", True),
        ("descriptive statistics will be used in the study", False),
        ("Observational checklist study tool", False),
    ],
)
def test_observational_words_1(text, said):
    found = fact("observational_words", design_summary=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("این مطالعه مورد شاهدی است", True),
        ("این مطالعه کارآزمایی بالینی است و از آمار توصیفی استفاده می شود", False),
    ],
)
def test_observational_words_2(text, said):
    found = fact(
        "observational_words",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Two schools are selected randomly; one of them is assigned to the intervention by coin", True),
        ("Four health centers will be randomly divided into two intervention and control centers", True),
        ("The school on the first paper will be assigned to the skill group and the lots decide", True),
        ("Health centers of the city are selected by cluster sampling and then women are randomly allocated", False),
        ("Patients referred to hospitals are randomly assigned", False),
        ("wards were randomly assigned to intervention and control", True),
        ("Patients of 3 hospitals will be randomized by blocks", False),
        ("The students of each class are randomly divided into groups", False),
        ("Families are randomly assigned to two groups", True),
        ("Two wards were randomly selected as intervention and control wards", True),
    ],
)
def test_clusters_undeclared_1(text, said):
    found = fact("clusters_undeclared", randomization="Randomized", design_summary="Randomised controlled trial", settings=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 hospitals participate; randomization stratified by hospitals", False),
        ("Cluster sampling was used to choose schools and students were randomized", False),
        ("Students of two schools; by coin toss one school was allocated to the intervention group", True),
        ("Randomly, villages were allocated to groups", True),
        ("The families are allocated randomly to face to face or online counselling", True),
        ("Patients are randomly assigned, and centers were randomized to order", True),
        ("Clusters of symptoms are recorded and patients randomly allocated", False),
        ("Nurses working in wards are randomly divided", False),
        ("The clinics will be divided randomly into the two groups", True),
        ("Health house workers are randomly assigned", False),
        ("Hospital A as intervention and hospital B as control, by drawing lots", False),
        ("Randomly, one of the two wards will be intervention and the other ward control", True),
        ("Then by simple random method, health centers are divided into two groups of intervention and control", True),
        (
            "from the list of centers four centers are chosen by chance, and women are assigned to groups at random by blocks",
            False,
        ),
    ],
)
def test_clusters_undeclared_2(text, said):
    found = fact(
        "clusters_undeclared", randomization="Randomized", design_summary="Clinical trial with control group", settings=text
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "purpose", "said"),
    [
        ("Effect of ondansetron on prevention of nausea and vomiting after cesarean", "Treatment", True),
        ("Preventive effect of zinc on mucositis", "Treatment", False),
        ("Propolis for prevention of oral mucositis", "Treatment", True),
        ("Treatment and prevention of wound infection", "Treatment", False),
        ("Aspirin for secondary prevention of stroke", "Treatment", True),
        ("Honey in treatment of burn wounds", "Prevention", True),
        ("Effect of honey on incidence of infection in the treatment of burns", "Prevention", False),
        ("Prophylactic antibiotics in hernia surgery", "Treatment", True),
        ("Preventing post dural puncture headache with aminophylline", "Treatment", True),
        ("Comparison of two drugs on treatment of head lice", "Prevention", True),
        ("Effect of an educational program on preventive behaviors", "Treatment", False),
        ("Prevention of relapse in addicts", "Treatment", True),
        ("اثر زنجبیل در پیشگیری از تهوع بعد از عمل", "Treatment", True),
        ("اثر زنجبیل در درمان تهوع", "Treatment", False),
        ("Preventive and therapeutic effect of zinc on diaper rash", "Treatment", False),
        ("Effect of nigella on preventing and healing of ulcers", "Treatment", False),
        ("Influenza vaccination", "Treatment", False),
        ("Effect of dexamethasone on prophylaxis of postoperative nausea", "Treatment", True),
        ("Tranexamic acid on postpartum hemorrhage prevention", "Treatment", True),
        ("Efficacy of azithromycin to prevent infection in cesarean", "Treatment", True),
        ("Treatment of head lice in school children", "Prevention", True),
        ("Vitamin D therapy for prevention of falls", "Prevention", False),
    ],
)
def test_purpose_unlike_record(text, purpose, said):
    found = fact("purpose_unlike_record", scientific_title=text, purpose=purpose)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The hypothesis is that drug A is non inferior to drug B", True),
        ("to evaluate the equivalent dose", False),
        ("noninferiority margin is 10%", False),
        ("equivalence trial comparing the biosimilar and originator", True),
        ("biosimilar of trastuzumab is given to both groups", False),
    ],
)
def test_margin_missing(text, said):
    found = fact("margin_missing", settings="x", design_summary=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This research is a clinical trial.", True),
        ("Interventional study", True),
        ("RCT on 40 patients", False),
        ("Before and after study", False),
        ("Clinical trial, two-arm", False),
        ("Single blind semi-experimental", False),
        ("clinical trial", True),
        ("The present study is an intervention study performed in Urmia", True),
        ("clinical trial with 2 arms", False),
        ("Phase 3", False),
        ("Double blind", False),
    ],
)
def test_design_paragraph_thin(text, said):
    found = fact("design_paragraph_thin", arms=["A: x", "B: y"], design_summary=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("non randomized clinical trial", True),
        ("This study is not a randomized trial", True),
        ("Patients who are not randomized due to refusal will be followed", False),
        ("nonrandomised comparison was done previously", False),
        ("semi-experimental study", True),
        ("a quasi experimental design with control group", True),
        ("Wound size of 2x2 cm is treated", False),
        ("2 x 2 factorial", True),
        ("with factorial analysis of variance", False),
        ("Clinical trial with control group, with parallel groups, double-blind, randomized, phase 3 on 60 patients", False),
        (
            "A clinical trial with the control group, with parallel groups, without blindness, non-randomized, phase 2 on 50 patients",
            True,
        ),
        ("Two arm parallel group randomised trial with blinded postoperative care and outcome assessment", False),
        ("quasi-experimental with pretest and post test", True),
        ("The allocation is not random", False),
    ],
)
def test_design_words_against_fields_1(text, said):
    found = fact(
        "design_words_against_fields",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("مطالعه نیمه تجربی بر روی 40 بیمار", True),
        ("کارآزمایی بالینی دارای گروه کنترل تصادفی شده", False),
    ],
)
def test_design_words_against_fields_2(text, said):
    found = fact(
        "design_words_against_fields",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        design_summary=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("A parallel line is drawn", False),
        ("trial with parallel groups", True),
        ("Parallel, open label", True),
        ("in parallel with this treatment", False),
        ("the lines run parallel.", False),
        ("beams are parallel, and", False),
    ],
)
def test_design_words_against_fields_3(text, said):
    found = fact("design_words_against_fields", assignment="Single", randomization="N/A", arms=["x"], design_summary=text)
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Simple randomization with table", "nothing"),
        ("By tossing a coin", "lots"),
        ("Randomization was performed by rand function in excel and the researcher opens envelopes", "described"),
        ("Block randomization and allocation concealed by opaque envelopes drawn from a box", "described"),
        ("Each patient picks a ball from a bag", "lots"),
        ("The list will be held by the pharmacist", "described"),
        ("The randomization list is not accessible to researchers", "described"),
        ("Random numbers by SPSS; group assignment is by someone not in the research team", "described"),
        ("Toss a coin by a nurse not involved in the study", "described"),
        ("sealed envelope", "described"),
        ("Envelopes are shuffled and each patient picks one", "lots"),
        ("Flipping a coin for each patient", "lots"),
        ("Random allocation software generated codes; drug packs are numbered with the codes", "described"),
        ("block randomization with table", "nothing"),
    ],
)
def test_concealment_1(text, said):
    found = fact(
        "concealment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
    )
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("از پاکت های مات در بسته استفاده می شود", "described"),
        ("پرتاب سکه برای هر بیمار انجام می شود", "lots"),
    ],
)
def test_concealment_2(text, said):
    found = fact(
        "concealment",
        randomization="Randomized",
        assignment="Parallel",
        arms=["گروه مداخله: دارو", "گروه کنترل: دارونما"],
        randomization_description=text,
    )
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("computer generated list and then lottery for each person", True),
        ("Random allocation software used; sequence in envelopes drawn in order", False),
        ("coin toss is used for deciding which of A and B is the drug, and table for blocks", False),
        ("with a table of random numbers and drawing lots patients are divided", True),
        ("Sampling by lottery and then random allocation software", False),
        ("The sequence generated by computer. Each patient picks a card from the box", True),
    ],
)
def test_mechanisms_in_conflict(text, said):
    found = fact(
        "mechanisms_in_conflict",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "target_sample_size", "said"),
    [
        ("15 blocks of 4", 60, False),
        ("15 blocks of size 4 are used", 70, True),
        ("with 20 blocks of four patients", 80, False),
        ("Six possible blocks of size 4 (AABB, ...)", 80, False),
        ("using blocks of 4 in 2 centers", 80, False),
        ("block size 4; a total of 12 blocks are produced", 100, True),
        ("25 quadruple blocks", 100, False),
        ("26 quadruple blocks", 100, False),
        ("10 quadruple blocks", 100, True),
        ("4 blocks of 25", 100, False),
    ],
)
def test_block_products_unlike_sample(text, target_sample_size, said):
    found = fact(
        "block_products_unlike_sample",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
        target_sample_size=target_sample_size,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "target_sample_size", "said"),
    [
        ("block size of 4", 90, True),
        ("block sizes 4 and 6", 91, False),
        ("four-way blocks", 90, True),
    ],
)
def test_last_block_incomplete(text, target_sample_size, said):
    found = fact(
        "last_block_incomplete",
        randomization="Randomized",
        assignment="Parallel",
        arms=["Intervention group: a drug", "Control group: placebo"],
        randomization_description=text,
        target_sample_size=target_sample_size,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", True),
    ],
)
def test_doses_without_rules_1(text, said):
    found = fact(
        "doses_without_rules",
        phase="1",
        randomization="N/A",
        assignment="Parallel",
        arms=[
            "Group 1: infusion of 1 million cells per kg by vein",
            "Group 2: infusion of 2 million cells per kg by vein",
            "Control group: saline by vein",
        ],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", False),
    ],
)
def test_doses_without_rules_2(text, said):
    found = fact(
        "doses_without_rules",
        phase="1",
        randomization="N/A",
        assignment="Parallel",
        arms=["Group 1: infusion of 1 million cells per kg by vein", "Control group: 5 ml saline by vein"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", False),
    ],
)
def test_doses_without_rules_3(text, said):
    found = fact(
        "doses_without_rules",
        phase="1",
        randomization="N/A",
        assignment="Parallel",
        arms=["Cohort 1: 10 mg tablets", "Cohort 2: 20 mg tablets"],
        settings=text,
    )
    assert bool(found.cases) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", False),
    ],
)
def test_doses_without_rules_4(text, said):
    found = fact(
        "doses_without_rules",
        phase="1",
        randomization="N/A",
        assignment="Parallel",
        arms=["Laser with 10 J/cm2 weekly on the wound edges", "Ointment 5 mg of honey daily for the skin"],
        settings=text,
    )
    assert bool(found.cases) is said
