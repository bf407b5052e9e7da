# wakeups.graft for SimPy: python3 wakeups.py TASKS TIMES
import sys
import simpy

tasks, times = int(sys.argv[1]), int(sys.argv[2])
world = simpy.Environment()


def sleeper(seconds):
    for _ in range(times):
        yield world.timeout(seconds)


for i in range(tasks):
    world.process(sleeper((1 + i % 997) / 1000))
world.run()
