#!/bin/bash
#SBATCH --job-name=graft
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --output=part-%a.log
# A batch of scenarios as a job array, a part of it for each job:
#   jobs=$(sbatch --parsable slurm-array.sh Scenarios)
#   sbatch --dependency=afterany:$jobs --wrap 'graft merge part-*.json --report-html report.html'
# Each job writes a report whether its scenarios pass or not; `graft merge` refuses what is missing, so a job
# that was lost can't go unseen.
exec graft run "${1:-Scenarios}" --jobs "${SLURM_CPUS_PER_TASK:-1}" \
  --partition "hash:$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --report-json "part-$SLURM_ARRAY_TASK_ID.json"
