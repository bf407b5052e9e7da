#!/usr/bin/env bash
# The job array of Grammar/slurm-array.sh on a real Slurm: Tests/Slurm/array.sh GRAFT
# A controller, one node and munge are started in a folder of their own, as whoever calls; a batch runs as an array of
# four, the parts are joined, and it must have come to the same as in one piece. Then a swarm of four searches one
# scenario of which one job sees everything.
set -euo pipefail
graft=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$(mktemp -d /tmp/graft-slurm.XXXXXX)
end() {
  # Each writes to its folder until it has ended.
  for name in slurmd slurmctld munged; do
    pid=$(cat "$place/$name.pid" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 100); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$place"
}
trap end EXIT
chmod 755 "$place"
mkdir -m 700 "$place/munge"
mkdir "$place/state" "$place/spool" "$place/job" "$place/bin"
ln -s "$graft" "$place/bin/graft"
host=$(hostname -s)
who=$(id -un)

(umask 077; head -c 1024 /dev/urandom >"$place/munge/key")
munged --force --key-file="$place/munge/key" --socket="$place/munge/socket" \
  --pid-file="$place/munged.pid" --log-file="$place/munge/log" --seed-file="$place/munge/seed"
port=$((20000 + $$ % 20000))
cat >"$place/slurm.conf" <<END
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$who
SlurmdUser=$who
AuthType=auth/munge
AuthInfo=socket=$place/munge/socket
CredType=cred/munge
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd.pid
SlurmctldLogFile=$place/slurmctld.log
SlurmdLogFile=$place/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$place/slurm.conf
slurmctld -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF" -N "$host"
for _ in $(seq 60); do
  sinfo -h -o %T 2>/dev/null | grep -q idle && break
  sleep 0.5
done

cd "$place/job"
mkdir scenarios
for number in $(seq 40); do
  printf 'scenario "number %d" { sleep %dms; assert %d != 7 }\n' "$number" "$number" "$number"
done >scenarios/many.graft
export PATH=$place/bin:$PATH
jobs=$(sbatch --parsable "$root/Grammar/slurm-array.sh" scenarios)
sbatch --wait --dependency="afterany:$jobs" --output=merge.log --wrap \
  'graft merge part-*.json --report-junit joined.xml' >/dev/null || true
graft run scenarios --report-junit whole.xml >/dev/null || true
echo "$(ls part-*.json | wc -l) parts"
tail -n 1 merge.log
cmp joined.xml whole.xml && echo "the same as in one piece"
rm part-2.json
graft merge part-*.json --report-junit holes.xml || echo "a lost job is seen"

mkdir "$place/swarm"
cd "$place/swarm"
cat >window.graft <<'END'
kernel "4.4" {
    fn f() { return 0 }
    fn g() { return 0 }
    syscall both() { f(); g() }
}
patch fix { fn f() { return 1 } fn g() { return 1 } }
program looper { loop { both() } }
scenario "every schedule" in every schedule {
    spawn 2 of looper
    never mixed
    apply fix
    await not in_progress
}
END
jobs=$(sbatch --parsable "$root/Grammar/slurm-array.sh" --swarm window.graft --runs 20)
sbatch --wait --dependency="afterany:$jobs" --output=merge.log --wrap \
  'graft merge part-*.json --report-json all.json' >/dev/null || true
echo "$(ls part-*.json | wc -l) jobs of a swarm"
tail -n 1 merge.log
grep -o '"order":"[a-z]*"' part-*.json | sort -u | sed 's/.*:"/went /; s/"//' | sort -u | tr '\n' ' '
