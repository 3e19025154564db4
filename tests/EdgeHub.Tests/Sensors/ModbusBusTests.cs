using CsCheck;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Tests.Sensors;

public sealed class ModbusBusTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_dead_slave_rests_longer_and_longer_up_to_the_cap()
    {
        var bus = new ModbusBus([Second], TimeSpan.Zero);
        var now = TimeSpan.Zero;
        var waits = new List<double>();
        for (var i = 0; i < 9; i++)
        {
            bus.Begin(0, now);
            bus.Failed(0, now);
            waits.Add((bus.Next().At - now).TotalSeconds);
            now = bus.Next().At;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], waits);
    }

    [Fact]
    public void One_success_ends_the_rest()
    {
        var bus = new ModbusBus([Second], TimeSpan.Zero);
        for (var i = 0; i < 5; i++)
            bus.Failed(0, TimeSpan.Zero);
        bus.Begin(0, 40 * Second);
        bus.Succeeded(0);
        Assert.Equal(41 * Second, bus.Next().At);
    }

    [Fact]
    public void Due_times_that_pass_are_counted_once_each() =>
        Gen.Int[1, 200].Array[1, 30].Sample(steps =>
        {
            var bus = new ModbusBus([Second], TimeSpan.Zero);
            var now = TimeSpan.Zero;
            long seen = 0;
            foreach (var step in steps)
            {
                now += TimeSpan.FromMilliseconds(step * 100);
                if (bus.Next().At <= now)
                    seen += bus.Begin(0, now) + 1;
            }

            // Dues at 0, 1, 2 ... s: all up to now were either asked or counted as passed.
            return seen == (long)(now / Second) + 1;
        });

    [Fact]
    public void The_slave_longest_due_goes_first_so_none_starves() =>
        Gen.Int[1, 50].Array[2, 12].Sample(tenths =>
        {
            var bus = new ModbusBus([.. tenths.Select(t => TimeSpan.FromMilliseconds(t * 100))], TimeSpan.Zero);
            var now = TimeSpan.Zero;
            var asked = new int[tenths.Length];
            for (var i = 0; i < 2000; i++)
            {
                var (slave, at) = bus.Next();
                now = (at > now ? at : now) + TimeSpan.FromMilliseconds(100);
                bus.Begin(slave, now);
                asked[slave]++;
            }

            return asked.All(count => count > 0);
        }, iter: 200);
}
