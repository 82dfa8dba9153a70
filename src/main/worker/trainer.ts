process.stderr.write('The trainer is not written yet.\n')
process.exitCode = 1
