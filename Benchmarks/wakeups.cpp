// wakeups.graft for SimGrid: g++ -O2 wakeups.cpp -lsimgrid; ./a.out TASKS TIMES
#include <cstdlib>
#include <simgrid/s4u.hpp>

int main(int argc, char** argv) {
  simgrid::s4u::Engine engine(&argc, argv);
  const int tasks = std::atoi(argv[1]), times = std::atoi(argv[2]);
  auto* zone = simgrid::s4u::create_full_zone("zone");
  auto* host = zone->create_host("host", "1Gf");
  zone->seal();
  for (int i = 0; i < tasks; i++)
    simgrid::s4u::Actor::create("sleeper", host, [times, seconds = (1 + i % 997) / 1000.0] {
      for (int n = 0; n < times; n++) simgrid::s4u::this_actor::sleep_for(seconds);
    });
  engine.run();
}
