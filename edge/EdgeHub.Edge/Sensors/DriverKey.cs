namespace EdgeHub.Edge.Sensors;

/// <summary>One key of a driver's own in a sensor's section.</summary>
/// <param name="Type">What to write: <c>text</c>, <c>whole number</c>, <c>number</c>, <c>duration</c>, <c>true or false</c>, or the choices.</param>
/// <param name="Default">What holds without the key; null where it is required.</param>
/// <param name="Help">One sentence, with limits.</param>
/// <param name="Unit">UCUM unit of a number, else empty.</param>
public sealed record DriverKey(string Name, string Type, string? Default, string Help, string Unit = "");
