#!/bin/bash
#SBATCH --job-name=graft
#SBATCH --array=1-4
#SBATCH --cpus-per-task=1
#SBATCH --output=part-%a.log
# A batch of scenarios as a job array, a part of it for each job:
#   jobs=$(sbatch --parsable slurm-array.sh Scenarios)
#   sbatch --dependency=afterany:$jobs --wrap 'graft merge part-*.json --report-html report.html'
# A search that is too large for one machine as a swarm: each job searches all of it, in its own way; options may follow:
#   jobs=$(sbatch --parsable slurm-array.sh --swarm 'large.graft::every schedule')
#   sbatch --dependency=afterany:$jobs --wrap 'graft merge part-*.json --report-html report.html'
# Each job writes a report whether its scenarios pass or not; `graft merge` refuses what is missing, so a job
# that was lost can't go unseen.
part=$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT
if [ "${1:-}" = --swarm ]; then
  way=(explore "${2:?which scenarios are to be searched?}" --swarm "$part" "${@:3}")
else
  way=(run "${1:-Scenarios}" --partition "hash:$part")
fi
exec graft "${way[@]}" --jobs "${SLURM_CPUS_PER_TASK:-1}" --report-json "part-$SLURM_ARRAY_TASK_ID.json"
