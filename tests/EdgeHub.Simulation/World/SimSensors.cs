using EdgeHub.Simulation.Scheduling;
using EdgeHub.Wire;

namespace EdgeHub.Simulation.World;

/// <summary>Gives the box readings: each value once in the world, so that a row tells which reading it is.</summary>
sealed class SimSensors(SimWorld world, Chance chance)
{
    const int UrgentEvery = 20;

    int given;

    public bool IsOn { get; private set; } = true;

    public void Start() => world.Loop.After(TimeSpan.Zero, Turn);

    public void Stop() => IsOn = false;

    void Turn()
    {
        if (!IsOn)
            return;
        for (var stream = 0; stream < Streams.Urgent; stream++)
            Give(stream);
        for (var burst = chance.Next(UrgentEvery) == 0 ? 1 + chance.Next(3) : 0; burst > 0; burst--)
            Give(Streams.Urgent);
        world.Loop.After(world.Setup.SampleInterval * (0.8 + (chance.Next(400) / 1000.0)), Turn);
    }

    void Give(int stream)
    {
        var value = (given + 1) / 4.0;
        // A box that is down reads nothing, and a full channel is counted as unread: neither was recorded.
        if (world.Box.Readings?.TryWrite(new Reading(stream, world.Box.BootTimeMs, value, Quality.Good)) != true)
            return;
        given++;
        world.Oracle.Read(value, stream, (WallClock.Beginning + world.Loop.Now).ToUnixTimeMilliseconds());
    }
}
