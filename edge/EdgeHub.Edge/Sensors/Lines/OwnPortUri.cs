namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>The line of a driver that brings its own: a process, for one. Nobody shares it and no configuration writes it.</summary>
public sealed record OwnPortUri(string Driver, string Sensor) : PortUri($"{Driver}:{Sensor}")
{
    public override PortKinds Kind => PortKinds.None;

    public override string ToString() => Key;
}
