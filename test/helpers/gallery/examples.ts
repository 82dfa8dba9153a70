import type { FailureCode } from '../../../src/renderer/src/lib/failures.ts'

/**
 * What stands on the screen for each code whose sentence differs from case to case, or is put together where it is thrown. The lint test holds each
 * against the sentence in the source; the others are taken from there as they are.
 */
export const EXAMPLES: Readonly<Partial<Record<FailureCode, string>>> = {
  internal: 'Something went wrong inside Attune. Nothing of yours is lost; try again, and look at the details if it stays.',
  'trainer-crashed':
    'The trainer stopped unexpectedly (signal SIGKILL). The run stands at step 420. Most often the memory was full: then use a smaller batch or close other programs.',
  'trainer-not-started': 'The trainer could not be started: spawn EAGAIN. Close other programs, then try again.',
  'upload-failed': 'The file could not be handed to Attune. Try again.',
  'no-such-channel': 'The page asked for something that this version of Attune does not have. Reload it.',
  'not-found': 'The model folder "clinic-model" does not exist. Check its name and place.',
  'mark-overlap':
    "'NAME' would overlap a passage that is marked as 'DOSE'. Take that mark away first, or allow marks within marks.",
  page: 'The clipboard refused the text.',
  refused: 'Attune answers its own page alone. Close this window and open Attune again.',
  'session-ended': 'Attune is open in another tab, or was started again. Load the page again.',
  'shell-gone': 'Attune does not answer. Start it again; nothing is lost.',
  data_delimiter: "The delimiter '#' is not known. Use a comma, a semicolon, a tab or a vertical bar, or leave it out.",
  data_encoding:
    'Line 12 of letters.csv is not valid UTF-8. Save the file again as UTF-8, or choose another way to read its characters.',
  data_encoding_mixed:
    'letters.csv mixes encodings: line 12 is UTF-8 and line 40 is not. Save the file again as UTF-8, or choose how its characters are to be read.',
  data_encoding_unknown: "The encoding 'ebcdic' is not known. Choose one of UTF-8, UTF-16 LE, UTF-16 BE, Windows-1252.",
  data_folds: 'Cross-validation needs a whole number of folds, at least 2.',
  data_header_duplicate:
    "letters.csv has two columns of the name 'text'. Give each its own name in the file, or choose another line for the names.",
  data_header_missing: 'Line 1 of letters.csv has no column names. Write them there, or choose the line that has them.',
  data_nul_byte:
    'letters.csv holds a NUL byte at line 1. If it is UTF-16 text, choose that; else save it again as a table in UTF-8.',
  data_row_ragged:
    'Line 12 of letters.csv has 4 cells for 3 column names. Put text that holds the character between cells, or a line break, in double quotes; or choose another character between cells.',
  data_too_many_columns:
    'Line 1 of letters.csv has more than 4,096 columns. Choose what divides its cells, or leave columns out.',
  'data-disconnected': 'The data of letters.csv cannot be read. Connect the drive that the data folder of Attune lies on.',
  data_class_one_example:
    "The class 'lonely' has one example only (line 9 of letters.csv). Add examples, correct the label, or remove the row.",
  data_column_missing:
    "ward-b.csv has no column 'letter', which is to hold the texts. Its columns are 'id', 'text', 'urgency'. Choose a file that has it, or rename the column in the first line of this one.",
  data_conll_no_tags:
    'words.conll has no column of tags such as B-NAME, I-NAME and O. It needs one word a line, its tag beside it, and an empty line after each sentence.',
  data_file_empty: 'letters.csv is empty. It needs a line of column names and rows below it.',
  data_file_missing: 'letters.csv is no longer where it was. Choose the file again.',
  data_file_type:
    "A file of type '.pdf' cannot be read as a table (letter.pdf). Copy its text into a table, or save it as a text file (.txt).",
  data_file_unreadable: 'The data file letters.csv cannot be read: you have no permission to read it.',
  data_files: 'The file letters.csv is named for two roles. Rows to train on cannot also test the model.',
  data_json_invalid:
    'Line 2 of letters.jsonl is not valid JSON. Each line must be one JSON object: correct it, or save the table as CSV (UTF-8).',
  data_json_nested:
    "Line 1 of letters.jsonl: 'urgency' holds a list, but a column can only hold text or a number. Write several labels as one text with a separator.",
  data_json_not_object: 'Line 1 of letters.jsonl is not a JSON object. Each line must look like {"text": "…", "label": "…"}.',
  data_label_unseen:
    "The label 'unknown' in ward-b.csv (first at line 3) is not among the classes this model was trained on. The classes are 'urgent', 'soon', 'routine'. Correct the labels, or leave the rows out.",
  data_labels_numeric:
    "The column 'urgency' of letters.csv looks like numbers (60 different values in 60 rows), not classes. Predict it as a number, or choose another column.",
  data_line_too_long:
    'Line 2 of letters.csv is longer than 16 MiB. Split the text into several rows, or check that the file is a table.',
  data_no_labels:
    "The column 'urgency' of letters.csv names no class in any row. Check what divides several answers in one cell.",
  data_no_rows: 'letters.csv has column names but no rows below them. Is it the right file?',
  data_no_text: "No row of letters.csv can be used: the column 'letter' is empty in all 812 rows.",
  data_not_text: 'letters.csv is not a text table. It is a PDF document. Copy its text into a table first.',
  data_one_class:
    "The column 'urgency' of letters.csv has one class only, 'urgent'. A classifier needs examples of at least two classes.",
  data_quote_misplaced:
    'Line 12 of letters.csv has a cell with a double quote, and a space stands before the quote. Put the whole cell in double quotes and double the quotes inside it.',
  data_quote_unclosed:
    'Line 12 of letters.csv opens a cell with a double quote that is never closed. Close it, or double the quotes inside the text.',
  data_split_column:
    "'maybe' at line 12 of letters.csv names no part. The column 'part' may hold train, validation, test or nothing.",
  data_split_date:
    "'soon' at line 12 of letters.csv is no date. The column 'received' may hold dates such as 2024-03-31, or nothing.",
  data_split_dates:
    'The rows that can be split bear only 2 different dates, too few for 3 parts that follow each other. Choose another column, or let the rows be drawn.',
  data_split_too_small:
    'Rows that belong together, or have the same text, stay in one part: only 1 such group is there, too few for 3 parts. No rows would be left to choose by. Add rows, or give that part 0 %.',
  data_split_torn:
    'Lines 12 and 40 of letters.csv belong together or have the same text, but the split column puts them into different parts, so the test would not be honest. Correct the column, or let the rows be split.',
  'folds-data-changed': 'The data changed between two folds, so that their answers do not belong together. Start the run again.',
  'run-folds':
    'This run was tested by folds, so that it has no model that learned from all rows. Train once without folds, then use that run.',
  'scrutiny-roles': 'Choose the column with the text and the one with the answer first.',
  'test-file-columns':
    "second.csv has no column 'urgency', which these data are read by. Its columns are 'letter', 'class'. Name them alike in both files, then open the second one again.",
  data_marks_missing:
    "letters.csv holds no marks: it has no column 'spans'. Name a file of marks, or a table with such a column.",
  data_marks_none: 'No document of marks.jsonl can be used. The first one: Its mark 1 lies outside the text of 120 characters.',
  data_target_constant:
    "Every row of letters.csv has the same value in the column 'score'. There is nothing to learn from it: choose another column.",
  data_spans_invalid:
    "Line 7 of letters.jsonl: the column 'spans' has a passage outside its text. Start and end count characters from 0, and the end is not part of the passage.",
  data_spans_overlap:
    "Line 7 of letters.jsonl: two passages in the column 'spans' overlap. A word can be of one type only: correct the marks.",
  data_target_not_number:
    "Line 2 of letters.csv has text in the column 'score', where a plain number is needed. Correct the cell, or predict a class.",
  data_too_many_classes:
    "The column 'note' of letters.csv has 640 different values in 812 rows, so it does not look like classes. Choose the column that holds the answer.",
  data_too_many_rows: 'The data has more than 2,000,000 rows. Use a part of it.',
  data_too_much_text: 'The data holds more than 400,000,000 characters of text, which does not fit in memory. Use a part of it.',
  data_workbook_old:
    'letters.xlsx is a workbook of Excel 97 to 2003 (XLS), whatever its ending says. Open it in Excel, save it as "Excel Workbook (*.xlsx)" and drop that file.',
  data_workbook_password: 'letters.xlsx is password-protected. Remove the password in Excel and drop it again.',
  data_workbook_too_large:
    'letters.xlsx is too large to be read as a workbook (more than 512 MiB unpacked). Save the sheet as CSV (UTF-8).',
  data_workbook_unreadable:
    'letters.xlsx cannot be read as a workbook. It may be damaged: open it in Excel and save the sheet as CSV (UTF-8).',
  data_groups_cross_files:
    "1 group is in more than one of train.csv, test.csv, so the test would not be honest: 'P-0193' at line 5 of train.csv and line 2 of test.csv. Move each group into one file, or give one file and let it be split.",
  data_duplicates_cross_files:
    '1 text is in more than one of train.csv, test.csv, so the test would not be honest: line 4 of train.csv and line 3 of test.csv. Remove the copies, or give one file and let it be split.',
  'documents-none':
    'No document of letters can be read. Most often: It has no text layer: its 3 pages are pictures, as a scanner makes them, or blank. Recognise the text first (OCR) and save it as PDF again.',
  'documents-too-few':
    '1 file was dropped. Drop the documents together: at least two files that end in .txt, .text, .md, .markdown, .docx, .pdf, .eml, .html, .htm.',
  'file-too-large':
    'The checkpoint of step 420 could not be written: the disk that holds "checkpoints" cannot store a file this large. Use a disk in another format.',
  'not-a-file': '"letters" is no file that Attune can open. Choose a table, a pack or a folder.',
  'upload-quota': 'The files are larger than 4 GB together. Start Attune again, or bring fewer.',
  'dataset-blocked':
    "The column 'urgency' of letters.csv has one class only, 'urgent'. A classifier needs examples of at least two classes.",
  'dataset-in-use': "The run 'Urgency v3' still needs these data. Discard it first, or let it finish.",
  'label-class-name': "A class cannot have ';' in its name: that divides classes here.",
  'revision-column': "The table has no column 'urgency'. Choose one that it has.",
  'revision-column-taken': "The table already has a column 'urgency'. Choose another name.",
  'class-weights-unknown':
    "training.class_weights names the class 'urgnt', which the data does not have. Its classes are 'routine', 'soon', 'urgent'.",
  config_empty: 'run.yaml is empty. It must name at least task, model, data and method.',
  config_encoding: 'run.yaml is not UTF-8 text. Name the run.yaml itself, and save it with the encoding UTF-8.',
  config_missing_key: "the key 'model' is missing. The folder of the model to train.",
  config_not_a_file: "'runs' is a folder, not a file. Name the run.yaml in it.",
  config_syntax: 'run.json is not valid JSON. Correct it, or name the file .yaml if it is YAML.',
  config_too_large: 'run.yaml is larger than 1 MiB, which no file of settings is. Is it the right file?',
  config_unknown_key: "training has no key 'learning_rat'. Did you mean 'learning_rate'?",
  config_unreadable: 'run.yaml cannot be read. There is no such file: check its name and folder.',
  config_value: 'training.learning_rate is -1; it must be greater than 0.',
  'layers-unknown': 'method.layers is 9; the model has 6 layers. Use fewer.',
  'max-length-too-large':
    'max_length is 4096, but the model has positions for only 512 tokens (config.json): set max_length to 512 or less.',
  'max-length-too-small': 'max_length is 2, but 2 special tokens are added to each text: set it to 3 or more.',
  'cuda-pack':
    "'wheels' lacks 'libonnxruntime.so.1.30.0'. Take the wheel onnxruntime_gpu-1.30.0 for this system from PyPI, or a folder with the files of its onnxruntime/capi.",
  'device-no-pack':
    'Training on an NVIDIA card needs the CUDA pack, which is not on this machine. Add the pack first, or let the processor compute instead.',
  'device-unusable': 'No device can be used over WebGPU here: Failed to get a WebGPU adapter. Let the processor compute instead.',
  'memory-ending':
    "The PC's memory was about to run out after step 412, and smaller batches do not help, so the run stopped there. Nothing is lost. Close other programs, then resume it: a new process begins with little memory.",
  'memory-short':
    'This run would take about 9.2 GB of memory; 6.2 GB are free. This would fit, at about 5.8 GB: training.per_device_train_batch_size: 4.',
  'modules-unknown':
    'method.target_modules is the regular expression query, which must match a whole path. For every layer of that name write [query].',
  'stride-too-large':
    "The overlap of windows (stride) is 600; it must be a whole number from 0 to 509, less than a window's 510 tokens.",
  'vocabulary-size': 'A vocabulary of 10 tokens cannot be trained on these texts: choose from 60 to 30000.',
  'checkpoint-damaged': 'No checkpoint in "checkpoints" can be used: The checkpoint "step-420" is damaged. Start the run anew.',
  'decision-unreadable':
    'The fixed threshold of this run cannot be read (it is no JSON). Restore it from a backup, or train the run again.',
  'part-empty': 'This run set no validation rows aside. Train again with some.',
  'predictions-unreadable': 'The stored answers of this run cannot be read (line 12 is cut off). Train it again.',
  'report-unreadable':
    'The report of this run was changed, or comes from another version of Attune. Restore it from a backup, or train the run again.',
  'run-base-changed':
    'The model clinic-model is not the one that this run was made from: its weights changed. Put the original back.',
  'run-base-missing':
    'The model that this run was made from (clinic-model) is no longer where it was. Put it back there, or connect its drive.',
  'run-damaged': 'The file config.json of this run is damaged. Restore it from a backup, or train the run again.',
  'run-state': 'This run cannot be paused now. Look at its state, which has just changed.',
  'run-unreadable':
    'The folder of this run cannot be used (it has no run.json of a run). Restore it from a backup, or train the run again.',
  'sweep-settings': 'These values are 24 runs. At most 20 fit into one group: leave some out.',
  'config-invalid': 'config.json is not valid JSON. Copy the model again.',
  'config-unsupported': 'config.json: hidden_act is swish; Attune knows gelu, relu. Choose another model.',
  'dtype-unsupported':
    'The tensor "encoder.weight" is stored as I8, which Attune cannot train from. Use the model\'s float32, float16 or bfloat16 version.',
  'model-disconnected': 'clinic-model is not where it was. Connect the drive that it lies on, or add its folder again.',
  'model-incomplete':
    'clinic-model has no config.json. Choose a Hugging Face model folder: config.json, *.safetensors and tokenizer.json.',
  'model-unsupported': 'This is GPT-J. Choose a model of a type that Attune can train: BERT, RoBERTa, DistilBERT.',
  'model-unusable': 'These weights are a program, not data; ask for safetensors.',
  'not-a-folder':
    'The model "model.safetensors" is a file. Name the folder that it lies in: config.json, *.safetensors and tokenizer.json.',
  'shard-missing':
    'The weights file "model-00002-of-00002.safetensors" is missing from "clinic-model"; it holds "encoder.layer.5.output.dense.weight", among others. Download it too.',
  'tensor-missing':
    'The weights in "clinic-model" have no tensor "embeddings.word_embeddings.weight". Choose a complete model of the expected family.',
  'tensor-twice':
    'The tensor "pooler.dense.weight" is both in "model-00001-of-00002.safetensors" and in "model-00002-of-00002.safetensors" of "clinic-model". Download the model again.',
  'tokenizer-damaged': 'tokenizer.json is damaged: its model has no vocab. Copy it again from where the model came from.',
  'tokenizer-json':
    'tokenizer.json is not valid JSON (it ends early). It may be cut short: copy it again from where the model came from.',
  'tokenizer-missing':
    'The folder clinic-model has no tokenizer.json. Ask whoever gave you the model for that file; in Python, AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes it.',
  'tokenizer-special-token':
    'tokenizer.json has no sep token. Name it as "sep_token" in tokenizer_config.json, or use another model.',
  'tokenizer-pair': 'This tokenizer has no form for pairs of texts. Use one text column, or another model.',
  'tokenizer-too-large':
    "tokenizer.json is 300000000 bytes long; at most 134217728 are accepted. This does not look like a tokenizer's file.",
  'tokenizer-unreadable': 'tokenizer.json cannot be read (EACCES). Check that it is a file you may open.',
  'tokenizer-unusable':
    'tokenizer.json is not a tokenizer that can be used: unknown variant. Copy it again from where the model came from.',
  'tokenizer-vocabulary':
    'tokenizer.json has token ids up to 31000, but vocab_size in config.json is 30522, so ids from 30522 have no embedding. The two files belong to different models: use the tokenizer that came with the model.',
  'weights-ambiguous': 'The weights hold "embeddings.weight" twice: as "bert.embeddings.weight" and as "embeddings.weight".',
  'weights-changed':
    'The weights file "model.safetensors" was changed or cut off after it was opened. Leave the model alone while it is in use, and start again.',
  'weights-damaged':
    'The weights file "model.safetensors" is cut off: its header names more bytes than it has. Copy or download the file again.',
  'weights-missing':
    'The weights lack 12 of the 103 tensors that config.json calls for, such as "pooler.dense.weight". Ask for the complete model.',
  'weights-page':
    'The weights file "model.safetensors" does not contain the weights. It is a web page, as sites send one where a download needs a login: download the file again.',
  'weights-pickle':
    'The weights in "pytorch_model.bin" are a program, not data, so they are never opened; ask for the model as safetensors.',
  'weights-pointer':
    'The weights file "model.safetensors" does not contain the weights. It is a Git LFS pointer: fetch the file itself with "git lfs pull" or download it again.',
  'weights-shape':
    'The weights do not have the shapes that config.json calls for: "pooler.dense.weight" is [384, 384] instead of [768, 768]. The two files are not of one model: copy both again.',
  'index-damaged': 'The index of weights "model.safetensors.index.json" is not valid JSON. Download it again.',
  'onnx-malformed': 'The model is cut off after 12 nodes. Ask for the complete, original model.',
  'onnx-unsupported':
    'The model has the operator LSTM. Export the model again with opset 18 and the operators that Attune lists.',
  'disk-failing':
    'The data folder could not be moved: the disk that holds "Attune" reports a fault. Check the disk or use another one.',
  'disk-full': 'The disk that holds the data of Attune is full or cannot be written. Free some space and try again.',
  disk_full: 'The disk is full, so answers.csv was not written. Free some space and try again.',
  link: '"notes.csv" is a link, and only files are copied. Put what it points to in its place, then try again.',
  'link-broken': 'The file "model.safetensors" is a link to a file that does not exist. Download the model again.',
  'link-outside':
    'The file "model.safetensors" is a link to "blob", outside the model\'s folder. Copy the file itself into the folder.',
  'name-too-long': 'The answers could not be written: the name "answers.csv" is too long for this disk. Choose a shorter one.',
  'no-permission':
    'The data folder could not be moved: access to "Attune" is denied. Change its permissions or choose another folder.',
  'read-only': 'The backup could not be written: "USB" is on a read-only disk. Choose a folder that can be written to.',
  'already-open': 'Attune is already open on this data folder (process 4711). Use that window, or close it first.',
  'backup-damaged':
    'The backup is damaged: 3 of its 412 files are missing or not as they were written. Nothing of yours was changed; use another backup.',
  'move-inside': 'The new place lies inside the data folder Attune. Choose another one.',
  'output-unwritable': 'Runs cannot be written to the data folder: the drive is read-only. Mend that, or move the data folder.',
  output_exists: 'answers.csv exists and holds something else than answers. Name another file with --out, or move this one away.',
  output_folder_missing: 'answers.csv cannot be written: its folder does not exist.',
  output_is_folder: 'answers.csv cannot be written: it is a folder.',
  output_is_input: 'letters.csv is the file to be answered and would be replaced by its answers. Name another file with --out.',
  output_read_only: 'answers.csv cannot be written: its folder is read-only. Choose another folder.',
  output_type: "answers.txt has the type '.txt'. Predictions are written to .csv or .jsonl.",
  'pages-changed': "The application's page /index.html is not as it was built. Install Attune again, or run npm run build.",
  'pages-missing': "The application's page is missing from out/renderer. Run npm start to build it.",
  'passphrase-short': 'The passphrase needs at least 12 characters; four words are better.',
  'passphrase-wrong': 'This is not the passphrase.',
  'recovery-wrong': 'This is a recovery key, but not the one of these files.',
  'place-risky': 'This folder is on a network drive: your data would leave this PC. Choose a folder on a disk of this PC.',
  'recovery-mistyped': 'This is not how the recovery key was printed. A character in it is wrong: compare it with the paper.',
  'root-missing': 'There is no folder /data. Name one that exists after --root.',
  'tracker-unreadable':
    'The list of your runs cannot be read. Move attune.sqlite out of the data folder: it is made again from the runs.',
  'training-diverged':
    "Training stopped at step 12: the loss is not a number for the third time in a row. The last good checkpoint is kept. Try a tenth of the learning rate, a longer warm-up, or max_grad_norm: 1.0; if it happens at the first steps, the model's weights may be damaged.",
  usage: "'trian' is no command. Did you mean 'train'?",
  'use-column': "The table has no column 'letter'. Choose another.",
  datasheet: "letters.datasheet.yaml line 2: There is no question 'titel'. Did you mean 'title'?",
  'adapter-config':
    'adapter_config.json: use_dora is true; Attune does not follow DoRA, so that the adapter would answer otherwise. Ask for a plain LoRA adapter.',
  'adapter-dtype': "The adapter's classifier.weight is not stored in fp32, fp16 or bf16. Ask for it in one of them.",
  'adapter-incomplete': 'The adapter lacks bert.encoder.layer.0.attention.self.query.lora_B.weight. Copy the whole adapter.',
  'adapter-labels': "Nothing names the adapter's 3 outputs. Name them in their order.",
  'adapter-other-model':
    "The adapter of bert.encoder.layer.0.attention.self.query is for a layer of 768 inputs and 768 outputs; this model's has 384 and 384. It was trained on clinic-bert: choose that model.",
  'adapter-shape':
    'adapter_config.json says rank 8 of bert.encoder.layer.0.attention.self.query, but its weights have 4 and 4. The two files are not of one adapter: copy both again.',
  'adapter-unusable': 'Its model, MiniLM-L6, is no longer in the library. Import that model again.',
  'import-exists': 'letters-lora is there already. Name a folder that is new.',
  'verify-metrics':
    'On this machine the export lost 3.1 points of macro-F1 (2 allowed) against the run that it was made from. Do not use it here.',
  'export-purpose':
    'The result is meant to be sold or given to others, and a licence speaks against that. Licence of MiniLM-L6 (cc-by-nc-4.0): Does not allow commercial use, of the model or of what was made from it. Nothing was exported. Confirm that you may, or change what the project is for.',
  'report-groups': "letters.csv has no column 'wardd' to group the report by. Did you mean 'ward'?",
  'card-unreadable': 'The words for the model card of this run cannot be read (it is no object). Restore the run from a backup.',
  'device-busy':
    'A training is under way, and devices are measured while nothing else computes. Try again once it has ended, or pause it.',
  'export-busy': 'Another export is under way. Wait until it is done, or stop it.',
  'export-gone': 'This export is no longer on the list.',
  'export-nowhere': 'Choose a folder for the export first.',
  'export-exists': 'letters-export is there already. Name a folder that is new or empty.',
  'export-sealed':
    "letters-export lies in Attune's encrypted data, where no other program can read an export. Choose a folder outside.",
  'export-disk':
    'This export needs 5.1 GB on one disk (the export 5.1 GB), and 3.2 GB are free there. Free some space, or choose another disk.',
  'export-differs':
    'The exported files do not answer as the run was tested: logits differ by up to 0.0312 (0.0200 allowed) and 3 of 97 rows are answered otherwise (0 allowed). Nothing was kept; export as fp32.',
  'export-unsupported': 'Models of the type electra cannot be exported to Hugging Face yet. Use the run in Attune.',
  'pack-base':
    "This adapter answers on 'MiniLM-L6' alone, and this model is another one: they differ in their weights. Name the model that it was made from.",
  'pack-bomb':
    '"letters.attune" claims to hold more than it can: 4200000000 bytes in a file of 38110. It was not unpacked; do not trust whoever sent it.',
  'pack-damaged': '"letters.attune" is damaged or was cut off. Copy it again from where it was made.',
  'pack-disk':
    'Unpacking to the disk of the data folder needs 438.0 MB, and 120.0 MB are free there. Free some space and try again.',
  'pack-entry':
    '"letters.attune" holds an entry "model/../run.json", which no pack of Attune does. It was not unpacked; do not trust whoever sent it.',
  'pack-locked': '"letters.attune" is encrypted. Give the passphrase that it was made with.',
  'pack-manifest':
    'manifest.json does not say what Attune needs to know: reading.class_names must be a list. Have the run exported again.',
  'pack-name': 'A pack is one file whose name ends in .attune. Name it letters.attune.',
  'pack-none': '"letters.zip" is not a pack of Attune. Choose a file that Attune packed; its name ends in .attune.',
  'mapping-gone': 'What stands for what is not kept beside version 2 of letters.csv any more. Choose another, or a file.',
  'mapping-unreadable':
    '"letters mapping.age" is no mapping that Attune wrote. Choose the file that was kept when the earlier copies were made.',
  'pack-passphrase': 'This is not the passphrase of "letters.attune". Ask whoever made it.',
  'pack-recipients': '"letters.attune" is encrypted for keys, not with a passphrase. Have it packed again with a passphrase.',
  'pack-version':
    '"letters.attune" is a pack of version 2, which this Attune does not read. Get a newer Attune, or have it packed again.',
  'pack-work':
    'Opening "letters.attune" would take more memory than Attune gives to a passphrase (work factor 24; 20 at most). Have it packed again by Attune.',
  'verify-extra':
    'pytorch_model.bin does not belong to the export; it may change what is loaded. Take the export from where it was made.',
  'verify-nothing':
    'This folder is no export of Attune, and no pack lies in it. Choose the folder that was exported, or the one with the pack.',
  'verify-file': 'model.safetensors was changed or damaged after the export. Take the export from where it was made.',
  'verify-format':
    'This version of Attune cannot open exports of the form onnx-int2. Use the version that made it, or a newer one.',
  'verify-labels':
    'The labels in config.json are not those, or not in the order, that the model was tested with. Take the export from where it was made.',
  'verify-manifest': 'manifest.json is not a manifest of Attune, or was cut off. Export the run again.',
  'verify-missing': 'README.md is missing from the export. Take the export from where it was made.',
  'review-name': 'A review needs the name of whoever stands for it, of at most 100 characters.',
  'review-own':
    'This installation signed the export itself, and a review is the word of a second person. Take the folder to their computer, and have it reviewed there.',
  'verify-tokenizer':
    'The tokenizer file tokenizer.json is not the one that was tested: texts would be cut into other tokens. Take the export from where it was made.',
  'verify-review': 'review.json is not what Attune writes, or was cut off. Take the export from where it was reviewed.',
  'answer-busy': '32 questions are waiting already. Ask again in a moment.',
  'answer-form': 'This is an adapter alone, which answers on its base model only. Import it in the Library first.',
  'answer-question': 'This model has no questions of its own: it learned them with each text. Give a question with the text.',
  'answer-tokens': 'These texts have 612,000 tokens together, and 500,000 can be answered at once. Send fewer of them.',
  'serving-busy': 'Attune answers other programs already. Stop that first.',
  'serve-port': 'Port 8123 cannot be used: another program uses it. Choose another, or none: then a free one is found.',
  'vault-wait': 'Too many wrong tries. Wait 12 seconds, then try again.',
  'watch-column': "The table has no column 'text', which the model reads. Name its column so.",
  'watch-file': 'link.txt cannot be answered: it is a link, and only files of the watched folder itself are read.',
  'watch-folder': 'The folder incoming can no longer be read. Is its drive connected?'
}
