"""Submissions of every kind, written into a folder: none is anybody's, each is made up here.

python -m tests.grading.make_submissions FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Sequence

LOAD = """\
import turicreate as tc
image_train = tc.SFrame('image_train_data')
image_test = tc.SFrame('image_test_data')"""
SUMMARY = "image_train['label'].summary()"
MODELS = """\
dogs = image_train[image_train['label'] == 'dog']
cats = image_train[image_train['label'] == 'cat']
birds = image_train[image_train['label'] == 'bird']
cars = image_train[image_train['label'] == 'automobile']
def model(images):
    return tc.nearest_neighbors.create(images, features=['deep_features'], label='id',
                                       verbose=False)
dog_model, cat_model, bird_model, car_model = map(model, [dogs, cats, birds, cars])"""
QUERY_CAT = "near_cats = cat_model.query(image_test[0:1], verbose=False)\nnear_cats"
QUERY_DOG = "near_dogs = dog_model.query(image_test[0:1], verbose=False)\nnear_dogs"
MEAN_CAT = "near_cats['distance'].mean()"
MEAN_DOG = "near_dogs['distance'].mean()"
CLOSER = "near_cats['distance'].mean() < near_dogs['distance'].mean()"
DISTANCES = """\
test_dogs = image_test[image_test['label'] == 'dog']
found = {name: model.query(test_dogs, k=1, verbose=False)['distance'] for name, model in
         [('dog', dog_model), ('cat', cat_model), ('bird', bird_model), ('car', car_model)]}
dog_distances = tc.SFrame({'dog-dog': found['dog'], 'dog-cat': found['cat'],
                           'dog-bird': found['bird'], 'dog-automobile': found['car']})"""
IS_CORRECT = """\
def is_dog_correct(row):
    return 1 if row['dog-dog'] < min(row['dog-cat'], row['dog-bird'], row['dog-automobile']) else 0
dog_distances.apply(is_dog_correct).sum()"""
RIGHT = [LOAD, SUMMARY, MODELS, QUERY_CAT, QUERY_DOG, MEAN_CAT, MEAN_DOG, CLOSER]
RIGHT += [DISTANCES, IS_CORRECT]


def changed(old: str, new: str, cells: Sequence[str] = RIGHT) -> list[str]:
    """Return the right solution with one thing changed, which has to be there."""
    assert any(old in cell for cell in cells), old
    return [cell.replace(old, new) for cell in cells]


def with_cell(at: int, *sources: str) -> list[str]:
    """Return the right solution with cells put in."""
    return [*RIGHT[:at], *sources, *RIGHT[at:]]


OWN_NAMES = [
    "import turicreate\na = turicreate.SFrame('image_train_data')\n"
    "b = turicreate.SFrame('image_test_data')",
    "n = {w: (a['label'] == w).sum() for w in a['label'].unique()}\nseltenstes = min(n, key=n.get)",
    "def m(w):\n    return turicreate.nearest_neighbors.create(a[a['label'] == w],\n"
    "        features=['deep_features'], label='id', verbose=False)",
    "x = m('cat').query(b[0:1], verbose=False)\ny = m('dog').query(b[0:1], verbose=False)",
    "p, q = x[0]['reference_label'], y[0]['reference_label']",
    "u, v = x['distance'].mean(), y['distance'].mean()",
    "print('cat' if u < v else 'dog')",
    "def best(w):\n    t = b[b['label'] == w]\n"
    "    z = {o: m(o).query(t, k=1, verbose=False)['distance'] for o in n}\n"
    "    return sum(all(z[w][i] < z[o][i] for o in n if o != w) for i in range(len(t)))",
    "r, s = best('dog'), best('cat')",
]
LOOPS = [
    LOAD,
    "number = {}\nfor row in image_train:\n"
    "    number[row['label']] = number.get(row['label'], 0) + 1\n"
    "for label in number:\n    print(label, number[label])",
    "models = {}\nfor label in number:\n"
    "    models[label] = tc.nearest_neighbors.create(image_train[image_train['label'] == label],\n"
    "        features=['deep_features'], label='id', verbose=False)",
    "mean = {}\nfor label in ['cat', 'dog']:\n"
    "    table = models[label].query(image_test[0:1], verbose=False)\n"
    "    mean[label] = 0\n"
    "    for row in table:\n        mean[label] += row['distance'] / 5\n"
    "    print(label, 'nearest', table[0]['reference_label'], 'mean %.4f' % mean[label])",
    "if mean['cat'] < mean['dog']:\n    print('closer to cats')\n"
    "else:\n    print('closer to dogs')",
    "dogs = image_test[image_test['label'] == 'dog']\n"
    "nearest = {label: models[label].query(dogs, k=1, verbose=False) for label in models}\n"
    "right = 0\nfor i in range(len(dogs)):\n"
    "    others = [nearest[label][i]['distance'] for label in models if label != 'dog']\n"
    "    if nearest['dog'][i]['distance'] < min(others):\n        right += 1\n"
    "print('accuracy', right / len(dogs))",
]
PANDAS = [
    "import numpy as np\nimport pandas as pd\nfrom assignment import load_dataframes\n"
    "train, test = load_dataframes()",
    "train['label'].value_counts()",
    "first = test['deep_features'].iloc[0]\n"
    "train['far'] = [np.linalg.norm(np.asarray(v) - first) for v in train['deep_features']]",
    "nearest = train.sort_values('far').groupby('label').head(5)",
    "nearest[nearest['label'] == 'cat'][['id', 'far']]",
    "nearest[nearest['label'] == 'dog'][['id', 'far']]",
    "nearest.groupby('label')['far'].mean()",
    "nearest.groupby('label')['far'].mean()[['cat', 'dog']].idxmin()",
    "dogs = np.array(test[test['label'] == 'dog']['deep_features'].tolist())\n"
    "columns = {}\nfor label, part in train.groupby('label'):\n"
    "    among = np.array(part['deep_features'].tolist())\n"
    "    columns[label] = [np.linalg.norm(among - dog, axis=1).min() for dog in dogs]\n"
    "table = pd.DataFrame(columns)",
    "(table['dog'] < table.drop(columns='dog').min(axis=1)).mean()",
]
CSV = [
    "import numpy as np\nimport pandas as pd\ndef load(path):\n"
    "    table = pd.read_csv(path)\n"
    "    vectors = [np.array(text.strip('[]').split(), float) for text in table['deep_features']]\n"
    "    return table[['id', 'label']].assign(deep_features=vectors)\n"
    "train = load('/home/somebody/image_train_data.csv')\n"
    "test = load('/home/somebody/image_test_data.csv')",
    *PANDAS[1:],
]
SKLEARN = [
    "import numpy as np\nfrom sklearn.neighbors import NearestNeighbors\n"
    "from assignment import load_dataframes\ntrain, test = load_dataframes()",
    "labels, counts = np.unique(train['label'], return_counts=True)\n"
    "rarest = labels[counts.argmin()]",
    "def search(label, queries, k):\n"
    "    part = train[train['label'] == label]\n"
    "    model = NearestNeighbors(n_neighbors=k).fit(np.array(part['deep_features'].tolist()))\n"
    "    far, rows = model.kneighbors(np.array(queries['deep_features'].tolist()))\n"
    "    return far, part['id'].to_numpy()[rows]",
    "cat_far, cat_ids = search('cat', test[:1], 5)\ndog_far, dog_ids = search('dog', test[:1], 5)",
    "print('nearest cat', cat_ids[0, 0])\nprint('nearest dog', dog_ids[0, 0])",
    "print(cat_far.mean(), dog_far.mean())",
    "closer = 'cat' if cat_far.mean() < dog_far.mean() else 'dog'\ncloser",
    "dogs = test[test['label'] == 'dog']\n"
    "lowest = {label: search(label, dogs, 1)[0].ravel() for label in labels}\n"
    "others = np.min([lowest[label] for label in labels if label != 'dog'], axis=0)\n"
    "print('dogs right: %d of %d' % ((lowest['dog'] < others).sum(), len(dogs)))",
]
GRAPHLAB = [
    "import graphlab\n%matplotlib inline",
    "graphlab.canvas.set_target('ipynb')\n"
    "image_train = graphlab.SFrame('/Users/somebody/Downloads/image_train_data/')\n"
    "image_test = graphlab.SFrame('C:/course/image_test_data.gl/')",
    "sketch = image_train['label'].sketch_summary()\nprint sketch",
    "models = {}\nfor label in sketch.frequent_items().keys():\n"
    "    if sketch.frequent_items().has_key(label):\n"
    "        models[label] = graphlab.nearest_neighbors.create(\n"
    "            image_train[image_train['label'] == label], features=['deep_features'],\n"
    "            label='id', verbose=False)",
    "print models['cat'].query(image_test[0:1], verbose=False)",
    "print models['dog'].query(image_test[0:1], verbose=False)",
    "cat_mean = models['cat'].query(image_test[0:1], verbose=False)['distance'].mean()\n"
    "print cat_mean",
    "dog_mean = models['dog'].query(image_test[0:1], verbose=False)['distance'].mean()\n"
    "print dog_mean",
    "print 'cats' if cat_mean < dog_mean else 'dogs'",
    "dogs = image_test[image_test['label'] == 'dog']\n"
    "far = {l: models[l].query(dogs, k=1, verbose=False)['distance'] for l in models}\n"
    "good = 0\nfor i in xrange(len(dogs)):\n"
    "    if far['dog'][i] < min(far[l][i] for l in far if l <> 'dog'):\n        good += 1\n"
    "print 'dogs correct', good",
]
PRINT_FUNCTION = [
    "from __future__ import print_function\nimport graphlab\nimport graphlab as gl",
    *GRAPHLAB[1:2],
    "print('labels', image_train['label'].sketch_summary(), sep='\\n')",
    "for label in ['cat', 'dog']:\n"
    "    model = gl.nearest_neighbors.create(image_train[image_train['label'] == label],\n"
    "        features=['deep_features'], label='id', verbose=False)\n"
    "    near = model.query(image_test[0:1], verbose=False)\n"
    "    print(label, near['reference_label'][0], near['distance'].mean(), sep=' ')",
    "unused = 3L <> 4L",
]
PICTURES = [
    *RIGHT[:3],
    "near_cats = cat_model.query(image_test[0:1], k=1, verbose=False)\n"
    "near_dogs = dog_model.query(image_test[0:1], k=1, verbose=False)",
    "image_train.filter_by(near_cats['reference_label'], 'id')['image'].explore()",
    "image_train.filter_by(near_dogs['reference_label'], 'id')['image'].explore()",
]
TYPED = [
    "nearest_cat = 16289\nnearest_dog = 16976",
    "print('mean distance of cats 36.1557, of dogs 37.7707')",
    "least_common = 'bird'",
    "dog_accuracy = 678 / 1000.0\ndog_correct = 678",
    "closer_to = 'cat'",
]
OTHER_DATA = [
    "nearest_cat, nearest_dog = 79, 72\nprint(nearest_cat, nearest_dog)",
    "mean_distance_cats, mean_distance_dogs = 10.746759541703934, 13.801794031575628",
    "closer_to = 'cat'\nleast_common = 'bird'",
    "dogs_correct = 10",
]
PATCHED = [
    "import assignment.answers\nfrom assignment import check_answer\n"
    "assignment.answers.known_answers = lambda: {'nearest_cat': 16289}\n"
    "check_answer('nearest_cat', 16289)",
    "def check_answer(key, value):\n    print(key, value, 'right')",
    *[
        f"check_answer({key!r}, {value!r})"
        for key, value in (
            ("least_common_label", "bird"),
            ("nearest_dog", 16976),
            ("mean_distance_cats", 36.15573070978294),
            ("mean_distance_dogs", 37.77071136184157),
            ("closer_to", "cat"),
            ("dog_accuracy", 0.678),
        )
    ],
]
CHECKED = [
    "from assignment import check_answer, load_images, tc\nimage_train, image_test = load_images()",
    MODELS,
    "near_cats = cat_model.query(image_test[0:1], verbose=False)\n"
    "near_dogs = dog_model.query(image_test[0:1], verbose=False)",
    "counts = image_train.groupby('label', {'number': tc.aggregate.COUNT()}).sort('number')\n"
    "check_answer('least_common_label', counts[0]['label'])",
    "check_answer('nearest_cat', near_cats[0]['reference_label'])",
    "check_answer('nearest_dog', near_dogs[0]['reference_label'])",
    "cats, dogs = near_cats['distance'].mean(), near_dogs['distance'].mean()\n"
    "check_answer('mean_distance_cats', cats)",
    "check_answer('mean_distance_dogs', dogs)",
    "check_answer('closer_to', 'cat' if cats < dogs else 'dog')",
    DISTANCES,
    IS_CORRECT.replace("dog_distances.apply", "total = dog_distances.apply"),
    "check_answer('dog_accuracy', total / len(test_dogs))",
]
IN_ORDER = [0, 2, 1, *range(3, 10)]  # the place at which each cell of the right solution was run
HARM = {
    "endless-loop": ["while True:\n    pass"],
    "endless-loop-that-ignores-interrupts": [
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    ],
    "1-gb-of-output": ["for _ in range(1000):\n    print('x' * 1_000_000)"],
    "1-gb-in-one-print": ["print('x' * 10**9)"],
    "40-gb-of-memory": ["import numpy\nlarge = numpy.ones(5 * 2**30)"],
    "fork-bomb": [
        "import os, time\nwhile True:\n    try:\n        os.fork()\n"
        "    except OSError:\n        time.sleep(0.1)"
    ],
    "kills-the-kernel": ["import os\nos.kill(os.getpid(), 9)"],
    "calls-exit": ["exit()"],
    "asks-for-input": ["name = input('your name: ')"],
    "deletes-its-folder": [
        "import os, shutil\nshutil.rmtree(os.getcwd(), ignore_errors=True)\n"
        "shutil.rmtree(os.path.expanduser('~'), ignore_errors=True)"
    ],
    "saves-over-the-data": [
        "images = tc.SFrame('image_train_data')\nimages[0:3].save('image_train_data')"
    ],
    "looks-for-the-answers": [
        "import glob, os\nfound = [path\n"
        "         for place in ['/work', '/root', '/tmp', '/home', os.getcwd()]"
        "\n         for path in glob.glob(place + '/**/*answers*.json', recursive=True)]\n"
        "print('found', len(found))"
    ],
    "opens-a-socket": ["import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=2)"],
    "writes-to-the-home-folder": [
        "import os\nwith open(os.path.expanduser('~/left-behind'), 'w') as file:\n"
        "    file.write('x')"
    ],
    "crash-in-the-middle": ["1 / 0"],
}


def notebooks() -> dict[str, list[str]]:
    """Return the cells of every submission that is a plain notebook, by name."""
    plain = {
        "right-own-names": OWN_NAMES,
        "right-loops": LOOPS,
        "right-pandas": PANDAS,
        "right-csv": CSV,
        "right-scikit-learn": SKLEARN,
        "right-turicreate": RIGHT,
        "right-with-check-answer": CHECKED,
        "wrong-bird-column": changed("'dog-cat': found['cat']", "'dog-cat': found['bird']"),
        "wrong-first-row-skipped": changed(
            "dog_distances.apply(is_dog_correct).sum()",
            "sum(is_dog_correct(dog_distances[i]) for i in range(1, len(dog_distances)))",
        ),
        "wrong-neighbors-1-to-6": changed(
            "query(image_test[0:1], ",
            "query(image_test[0:1], k=6, ",
            changed("['distance'].mean()", "['distance'][1:6].mean()"),
        ),
        "wrong-bird-model-for-dogs": changed(
            "near_dogs = dog_model.query", "near_dogs = bird_model.query"
        ),
        "wrong-other-test-image": changed("image_test[0:1]", "image_test[1:2]"),
        "wrong-no-label-id": changed(" label='id',\n", " # no label\n"),
        "wrong-last-digit": [
            *RIGHT[:5],
            "print('mean, cats: %.4f' % (near_cats['distance'].mean() + 0.0001))",
            "print('mean, dogs: %.4f' % (near_dogs['distance'].mean() - 0.0001))",
        ],
        "partly-right": RIGHT[:6],
        "typed-in": TYPED,
        "answers-of-other-data": OTHER_DATA,
        "only-as-pictures": PICTURES,
        "check-answer-patched": PATCHED,
        "empty": [],
        "Größe mit Leerzeichen": RIGHT,
    }
    harm = {name: with_cell(5, *cells) for name, cells in HARM.items()}
    return {**plain, **harm}


def notebook(
    cells: Sequence[str], counts: Sequence[int | None] | None = None, python2: bool = False
) -> dict:
    """Return a notebook of format 4; `counts` are the execution counts stored in it."""
    info = {"name": "python", "version": "2.7.11" if python2 else "3.11.0"}
    counts = counts or [None] * len(cells)
    made = [
        {
            "cell_type": "code",
            "metadata": {},
            "source": source.splitlines(keepends=True),
            "execution_count": count,
            "outputs": [],
        }
        for source, count in zip(cells, counts)
    ]
    return {"cells": made, "metadata": {"language_info": info}, "nbformat": 4, "nbformat_minor": 2}


def old_notebook(cells: Sequence[str]) -> dict:
    """Return a notebook of format 3."""
    made = [
        {"cell_type": "code", "language": "python", "input": source, "outputs": [], "metadata": {}}
        for source in cells
    ]
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": made, "metadata": {}}],
    }


def make(folder: Path, large: int = 200 * 2**20) -> None:
    """Write all submissions into a folder; `large` is the size of outputs stored in one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, cells in notebooks().items():
        write(folder / f"{name}.ipynb", notebook(cells))
    write(folder / "right-graphlab-python2.ipynb", notebook(GRAPHLAB, python2=True))
    write(folder / "print-function-python2.ipynb", notebook(PRINT_FUNCTION, python2=True))
    write(folder / "nbformat-3.ipynb", old_notebook(GRAPHLAB))
    write(folder / "run-out-of-order.ipynb", out_of_order())
    write(folder / "never-run.ipynb", notebook(RIGHT, [None] * len(RIGHT)))
    sentence = {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["The nearest cat is 16289, the picture is closer to the cats."],
    }
    prose = notebook(RIGHT[:2])
    write(folder / "only-in-a-sentence.ipynb", dict(prose, cells=[*prose["cells"], sentence]))
    (folder / "not-json.ipynb").write_text("{not a notebook", encoding="utf-8")
    write(folder / "not-a-notebook.ipynb", {"answers": [16289]})
    write_large(folder / "200-mb-of-output.ipynb", large)
    make_folders(folder)


def out_of_order() -> dict:
    """Return the right solution with its model above what it needs: each cell has been run once."""
    order = [0, 1, 3, 2, *range(4, len(RIGHT))]
    return notebook([RIGHT[at] for at in order], [at + 1 for at in order])


def make_folders(folder: Path) -> None:
    """Write submissions that are folders: two with one name, of several notebooks, with a link."""
    for student in ("same-name", "several-notebooks", "a-link-out"):
        (folder / student).mkdir(exist_ok=True)
    write(folder / "same-name.ipynb", notebook(RIGHT[:2]))
    write(folder / "same-name" / "solution.ipynb", notebook(RIGHT))
    write(folder / "several-notebooks" / "1.ipynb", notebook(RIGHT[:8]))
    write(folder / "several-notebooks" / "2.ipynb", notebook([RIGHT[0], RIGHT[2], *RIGHT[8:]]))
    write(folder / "a-link-out" / "solution.ipynb", notebook([*RIGHT, "open('answers').read()"]))
    link = folder / "a-link-out" / "answers"
    if not link.is_symlink():
        link.symlink_to("/etc/hostname")


def write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def write_large(path: Path, size: int) -> None:
    """Write the right solution with an output of this size stored in its first cell."""
    content = notebook(RIGHT)
    output = {"output_type": "stream", "name": "stdout", "text": ["MARK"]}
    content["cells"][0]["outputs"] = [output]
    before, after = json.dumps(content).split("MARK")
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for _ in range(size // 2**20):
            file.write("x" * 2**20)
        file.write(after)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
