"""How files get onto the disk and off it: whole or not at all, and by one writer at a time.

`atomic` writes beside and renames, `new_folder` does so with folders, `folder_lock` keeps a second
process out, `regular_file` opens nothing but files, and `npy_file` checks the arrays of strangers.
"""
