using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Sensors;

/// <summary>What the configuration offers to every sensor that is read.</summary>
public sealed record DriverLibraries(ProfileLibrary Profiles);
