using EdgeHub.Edge.Sensors;

namespace EdgeHub.Tests.Sensors;

public sealed class RawRingTests
{
    [Fact]
    public void A_fault_freezes_what_came_before_and_what_follows()
    {
        var ring = new RawRing();
        for (var i = 0; i < 20; i++)
            ring.Add(i, sent: false, [(byte)i]);
        ring.Freeze(20, "checksum");
        ring.Freeze(20, "garbage"); // Within the tail of the first: one fault, not two.
        for (var i = 20; i < 60; i++)
            ring.Add(i, sent: i == 20, [(byte)i]);
        var fault = Assert.Single(ring.Faults());
        Assert.Equal(("checksum", 32), (fault.Reason, fault.Chunks.Count));
        Assert.Equal(["04", "23"], [fault.Chunks[0].Hex, fault.Chunks[^1].Hex]);
        Assert.True(fault.Chunks[16].Sent);
    }

    [Fact]
    public void It_keeps_no_more_than_its_limits()
    {
        var ring = new RawRing();
        for (var i = 0; i < 3000; i++)
            ring.Add(i, sent: false, new byte[100]);
        Assert.InRange(ring.Recent().Sum(chunk => chunk.Hex.Length / 2), RawRing.BytesMax - 100, RawRing.BytesMax);
        ring.Add((long)(RawRing.Age.TotalMilliseconds + 3000), sent: false, [1]);
        Assert.Single(ring.Recent());
        for (var i = 0; i < 20; i++)
        {
            ring.Freeze(i, "garbage");
            for (var after = 0; after < RawRing.ChunksAroundFault; after++)
                ring.Add((long)(RawRing.Age.TotalMilliseconds + 3000), sent: false, [2]);
        }

        Assert.Equal(RawRing.FaultsMax, ring.Faults().Count);
    }
}
