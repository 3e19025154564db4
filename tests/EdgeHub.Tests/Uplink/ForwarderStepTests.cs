using CsCheck;
using EdgeHub.Edge.Spool;
using EdgeHub.Edge.Uplink;
using EdgeHub.Wire;
using EdgeHub.Wire.Proto;
using Xunit;

namespace EdgeHub.Tests.Uplink;

public sealed class ForwarderStepTests
{
    static readonly ForwarderLimits Limits = new() { InFlightMax = 10, RecordsPerEnvelopeMax = 8, BacklogEnvelopesPerSecondMax = 10_000 };
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_PUBACK_releases_nothing()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 3);
        var sent = Assert.Single(world.Published);
        world.PubAck(sent.Envelope);
        Assert.Empty(world.Last.OfType<ForwarderAction.Release>());
        Assert.Equal(3UL, world.Step.Waiting);
        world.Wait(Limits.AckTimeout);
        Assert.Equal(DeliveryState.NobodyStores, world.Step.State);
        world.Wait(2 * Second);
        Assert.Equal(2, Assert.Single(world.Published).Attempt);
    }

    [Fact]
    public void An_ack_of_another_store_than_the_first_releases_nothing()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 1);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 1));
        Assert.Contains(new ForwarderAction.PinStore("city"), world.Last);
        world.Record(1, SpoolClass.Urgent, 1);
        world.Ack(FakeSpools.Id(1), new NumberRange(2, 2), "elsewhere");
        Assert.Empty(world.Last.OfType<ForwarderAction.Release>());
        Assert.Equal(DeliveryState.ForeignStore, world.Step.State);
        Assert.Equal(1UL, world.Step.Waiting);
    }

    [Fact]
    public void An_ack_with_another_digest_releases_nothing_and_binds_to_no_store()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 1);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 1), "liar", ReleaseOutcome.DigestDiffers);
        Assert.Equal(DeliveryState.DigestDiffers, world.Step.State);
        Assert.Null(world.Step.Store);
        world.Drain();
    }

    [Fact]
    public void Urgent_goes_at_once_and_live_gathers_for_its_linger()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Normal, 2);
        Assert.Empty(world.Published);
        world.Record(2, SpoolClass.Urgent, 1);
        Assert.Equal(Lane.Urgent, Assert.Single(world.Published).Lane);
        world.Record(1, SpoolClass.Normal, 2);
        world.Wait(Second);
        var live = Assert.Single(world.Published);
        Assert.Equal((Lane.Live, new NumberRange(1, 4)), (live.Lane, live.Numbers));
    }

    [Fact]
    public void A_backlog_leaves_slots_for_urgent_and_live()
    {
        var world = new StepWorld(Limits);
        world.Record(1, SpoolClass.Normal, 40_000);
        world.Connect();
        // Quick acks let the backlog grow to all it may have.
        for (var i = 0; i < 200; i++)
        {
            foreach (var sent in world.OnTheWay.ToArray())
            {
                world.PubAck(sent.Envelope);
                world.Ack(sent.Spool, sent.Numbers);
            }

            world.Wait(TimeSpan.FromMilliseconds(20));
        }

        Assert.InRange(world.OnTheWay.Count, 3, 7);
        world.Record(2, SpoolClass.Normal, 1);
        world.Wait(Second);
        Assert.Equal(Lane.Live, world.Published[0].Lane);
        world.Record(3, SpoolClass.Urgent, 1);
        Assert.Equal(Lane.Urgent, Assert.Single(world.Published).Lane);
    }

    [Fact]
    public void After_a_reconnect_everything_unacked_goes_again()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 8);
        world.Record(1, SpoolClass.Urgent, 8);
        foreach (var sent in world.OnTheWay.ToArray())
            world.PubAck(sent.Envelope);
        world.Disconnect();
        world.Connect();
        Assert.Equal([new NumberRange(1, 8), new NumberRange(9, 16)], world.Published.Select(sent => sent.Numbers));
    }

    [Fact]
    public void While_no_ack_comes_one_probe_replaces_the_window()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 200);
        Assert.Equal(10, world.OnTheWay.Count);
        world.Wait(Limits.AckTimeout);
        for (var i = 0; i < 100; i++)
        {
            world.Wait(Second);
            Assert.True(world.OnTheWay.Count <= 1);
            foreach (var sent in world.Published)
                world.PubAck(sent.Envelope);
        }

        world.Ack(FakeSpools.Id(1), new NumberRange(1, 8));
        Assert.True(world.OnTheWay.Count > 5);
    }

    [Fact]
    public void The_servers_receive_maximum_bounds_what_is_without_PUBACK()
    {
        var world = new StepWorld(Limits);
        world.Record(1, SpoolClass.Urgent, 200);
        world.Connect(receiveMaximum: 3);
        Assert.Equal(3, world.OnTheWay.Count);
        // Acked before its PUBACK: the window has room, the server has not.
        world.Ack(FakeSpools.Id(1), world.OnTheWay.First().Numbers);
        Assert.Empty(world.Published);
        world.PubAck(world.Unconfirmed.First());
        Assert.Single(world.Published);
    }

    [Theory]
    [InlineData(0x87, DeliveryState.NotAuthorised)]
    [InlineData(0x97, DeliveryState.QuotaExceeded)]
    [InlineData(0x80, DeliveryState.Refused)]
    public void What_the_broker_says_against_an_envelope_is_a_named_state_and_keeps_it(int reasonCode, DeliveryState expected)
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 1);
        world.PubAck(Assert.Single(world.Published).Envelope, reasonCode);
        Assert.Equal(expected, world.Step.State);
        Assert.Contains(new ForwarderAction.Report(expected), world.Last);
        Assert.Equal(1UL, world.Step.Waiting);
        world.Drain();
        Assert.Equal(DeliveryState.Delivering, world.Step.State);
    }

    [Fact]
    public void That_nobody_subscribes_is_the_brokers_word_alone_until_no_ack_comes_either()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 1);
        world.PubAck(Assert.Single(world.Published).Envelope, 0x10);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 1));
        Assert.Equal((DeliveryState.Delivering, 0UL), (world.Step.State, world.Step.Waiting));
        world.Wait(Second);
        world.Record(1, SpoolClass.Urgent, 1);
        world.PubAck(Assert.Single(world.Published).Envelope, 0x10);
        Assert.Equal((DeliveryState.Delivering, 1), (world.Step.State, world.Step.InFlight));
        world.Wait(Limits.AckTimeout);
        Assert.Equal((DeliveryState.NobodySubscribes, 1UL), (world.Step.State, world.Step.Waiting));
        world.Drain();
        Assert.Equal(DeliveryState.Delivering, world.Step.State);
    }

    [Fact]
    public void A_poisoned_record_ends_alone_and_blocks_nothing()
    {
        const ulong Poison = 5;
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 40);
        for (var i = 0; i < 4000 && world.Waiting > 1; i++)
        {
            world.Record(2, SpoolClass.Urgent, 1);
            foreach (var sent in world.OnTheWay.Where(sent => sent.Spool != FakeSpools.Id(1) || !sent.Numbers.Contains(Poison)).ToArray())
                world.Ack(sent.Spool, sent.Numbers);
            world.Wait(Second);
        }

        Assert.Equal(1UL, world.Waiting);
    }

    [Fact]
    public void A_record_that_breaks_the_connection_each_time_blocks_nothing()
    {
        const ulong Poison = 5;
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 40);
        for (var i = 0; i < 4000 && world.Waiting > 1; i++)
        {
            if (world.OnTheWay.Any(sent => sent.Numbers.Contains(Poison)))
            {
                world.Disconnect();
                world.Connect();
            }
            else
            {
                foreach (var sent in world.OnTheWay.ToArray())
                    world.Ack(sent.Spool, sent.Numbers);
            }

            world.Wait(Second);
        }

        Assert.Equal(1UL, world.Waiting);
    }

    [Fact]
    public void What_the_store_misses_goes_again()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 4);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 4));
        Assert.Equal(0UL, world.Step.Waiting);
        var missing = new Ack("city", FakeSpools.Id(1), [], [], RecordHash.Zero, [new NumberRange(2, 9)]);
        var actions = world.Step.Handle(new ForwarderEvent.AckJudged(missing, new ReleaseResult(ReleaseOutcome.AlreadyReleased, 0, 0)), world.Now);
        Assert.Equal([new NumberRange(2, 4)], Assert.Single(actions.OfType<ForwarderAction.Unrelease>()).Missing);
        Assert.Equal(new NumberRange(2, 4), Assert.Single(actions.OfType<ForwarderAction.Publish>()).Numbers);
    }

    [Fact]
    public void A_word_of_the_store_that_only_names_what_it_misses_is_heeded_and_a_strangers_is_not()
    {
        var world = Connected();
        world.Record(1, SpoolClass.Urgent, 4);
        world.Ack(FakeSpools.Id(1), new NumberRange(1, 4));
        var missing = new Ack("city", FakeSpools.Id(1), [], [], RecordHash.Zero, [new NumberRange(2, 9)]);
        Assert.Empty(world.Step.Handle(new ForwarderEvent.AckArrived(missing with { Store = "elsewhere" }), world.Now).OfType<ForwarderAction.Unrelease>());
        var actions = world.Step.Handle(new ForwarderEvent.AckArrived(missing), world.Now);
        Assert.Equal([new NumberRange(2, 4)], Assert.Single(actions.OfType<ForwarderAction.Unrelease>()).Missing);
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_no_record_is_forgotten_and_no_limit_passed() =>
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 40]).Array[1, 120].Select(Gen.Int).Sample((events, seed) =>
        {
            var world = new StepWorld(Limits, seed);
            foreach (var (kind, size) in events)
                Happen(world, kind, size);
            world.Drain();
        }, iter: 2000);

    static void Happen(StepWorld world, int kind, int size)
    {
        var some = world.OnTheWay.Skip(size % 5).FirstOrDefault();
        switch (kind)
        {
            case 0 or 1:
                world.Record(1, SpoolClass.Normal, size + 1);
                break;
            case 2:
                world.Record(2, SpoolClass.Urgent, (size % 4) + 1);
                break;
            case 3 when !world.Connected:
                world.Connect((size % 25) + 1);
                break;
            case 4 when world.Connected && size % 3 == 0:
                world.Disconnect();
                break;
            case 5 or 6 when some is not null:
                world.Ack(some.Spool, size % 2 == 0 ? some.Numbers : some.Numbers with { First = some.Numbers.Last });
                break;
            case 7 when some is not null:
                world.Ack(some.Spool, some.Numbers, outcome: ReleaseOutcome.DigestDiffers);
                break;
            case 8 when world.Unconfirmed.Count > 0:
                world.PubAck(world.Unconfirmed.First(), (size % 8) switch { 0 => 0x87, 1 => 0x10, 2 => 0x95, _ => 0 });
                break;
            case 9 when some is not null:
                world.Do(new ForwarderEvent.Cut(some.Envelope, some.Numbers.First));
                break;
            case 10:
                world.Resync();
                break;
            default:
                world.Wait(TimeSpan.FromMilliseconds(size * size * 20));
                break;
        }
    }

    static StepWorld Connected()
    {
        var world = new StepWorld(Limits);
        world.Connect();
        return world;
    }
}
