"""The fetch of the course data, which scripts/fetch_data.py runs.

command_line  options, examples, exit codes
fetch         from the wish to the data set in its place
advice        what to do next, in words
registry      what the data must be and where they have been published
download      one file from a server: limits, retries, a progress bar
parts         one half of the data set from a source of any kind, verified
content       what the data must show once opened
csv_table     the CSV files, verified and converted to Parquet
cifar10       pictures like the course's, from the archive of CIFAR-10
place         the target folder: lock, swap, what is there
"""
